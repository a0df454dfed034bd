#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace stresskit::test {

/// While one lives, every step that a program takes to write below `folder` passes through it: it
/// is written down, and one of them can be made to fail, or to be the last thing the process does.
///
/// The linker puts it between the kit and the system (tests/faults/CMakeLists.txt: `--wrap`), so
/// the kit knows nothing of it. Threads: one; at most one object at a time.
class FileLayer {
 public:
  enum class Step { create, write, sync, rename };
  struct Record {
    Step step;
    std::filesystem::path path;  ///< of the file; of a rename: the file that is given a new name
    std::filesystem::path to;    ///< of a rename
  };

  explicit FileLayer(std::filesystem::path folder);
  ~FileLayer();
  FileLayer(const FileLayer&) = delete;
  FileLayer& operator=(const FileLayer&) = delete;

  /// The steps numbered `first` to `last`, from 0, fail with `error` (errno). A failing write
  /// leaves half of its bytes behind, as a full disk does.
  void fail(std::size_t first, std::size_t last, int error);
  /// The process is killed in the middle of this step: half a write has been done, and nothing of
  /// any other.
  void die_at(std::size_t step) { deadly_ = step; }

  [[nodiscard]] const std::vector<Record>& records() const { return records_; }

  /// Called by the wrapped functions. Whether the step is to fail; errno is set then.
  [[nodiscard]] bool stops(Step step, const std::filesystem::path& path,
                           const std::filesystem::path& to = {});
  [[nodiscard]] bool is_deadly() const;  ///< the step noted last
  static FileLayer* current;

 private:
  std::filesystem::path folder_;
  std::vector<Record> records_;
  std::size_t first_ = 1;
  std::size_t last_ = 0;
  int error_ = 0;
  std::optional<std::size_t> deadly_;
};

[[nodiscard]] std::string to_string(FileLayer::Step step);

}  // namespace stresskit::test
