#pragma once

#include "dashboard/published_folder.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace stresskit::dashboard {

/// What came on top of a file since the last look.
struct Growth {
  std::string lines{};  ///< whole lines, the last one with its end
  std::string tag{};    ///< names the file's state as far as it has been read
  bool is_new = false;  ///< the file is another one than before: what was known of it is void
  bool more = false;    ///< there is more than one look takes; look again
  std::optional<FileProblem> problem{};
};

/// A file that a run appends to, read once: each look takes the lines that came since the last one,
/// so that looking costs little however long the run is. A torn last line waits until it is whole.
class GrowingFile {
 public:
  /// How much one look takes at most, so that a large file holds nobody up.
  static constexpr std::size_t default_portion = std::size_t{2} << 20U;

  explicit GrowingFile(std::string relative, std::size_t portion = default_portion)
      : relative_(std::move(relative)), portion_(portion) {}

  [[nodiscard]] Growth look(const PublishedFolder& folder);

 private:
  void take(const PublishedFile& file, Growth& growth);

  std::string relative_;
  std::size_t portion_;
  std::uint64_t identity_ = 0;
  std::size_t offset_ = 0;
};

}  // namespace stresskit::dashboard
