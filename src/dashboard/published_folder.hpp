#pragma once

#include "stresskit/support/descriptor.hpp"
#include "stresskit/support/result.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace stresskit::dashboard {

/// Why a published file cannot be given.
struct FileProblem {
  bool missing = false;  ///< there is none (yet); otherwise it is there and cannot be read
  std::string reason;    ///< for a person, without the path: "Permission denied"
};

/// A regular file that was open for reading at one moment.
class PublishedFile {
 public:
  PublishedFile(support::Descriptor descriptor, std::uint64_t identity, std::string tag,
                std::size_t size);

  /// Names this state of the file: another file, another size or another time of change give
  /// another tag. Fit for an ETag, quotes not included.
  [[nodiscard]] const std::string& tag() const { return tag_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  /// Stays while the file grows; another one for a file that was put in its place.
  [[nodiscard]] std::uint64_t identity() const { return identity_; }

  /// What stands from `offset` on, at most `most` bytes; empty at the end.
  [[nodiscard]] support::Result<std::string, FileProblem> portion(std::size_t offset,
                                                                  std::size_t most) const;

  /// The whole file, at most `largest_file` bytes.
  [[nodiscard]] support::Result<std::string, FileProblem> contents() const;

 private:
  support::Descriptor descriptor_;
  std::uint64_t identity_;
  std::string tag_;
  std::size_t size_;
};

/// Files larger than this are refused: no file of ours comes near it, and reading it whole would
/// hold up everybody else.
inline constexpr std::size_t largest_file = std::size_t{64} << 20U;

/// A folder out of which nothing leads: no `..`, no symbolic link on the way or at its end, nothing
/// but regular files. The folder itself may be a link, and may not exist yet.
class PublishedFolder {
 public:
  explicit PublishedFolder(std::filesystem::path root) : root_(std::move(root)) {}

  /// Opens `relative`, slashes between its parts: "runs/20261123T101500Z-4f2a/timeline.csv".
  [[nodiscard]] support::Result<PublishedFile, FileProblem> open(std::string_view relative) const;

  /// Whether there is a folder of this name, no link.
  [[nodiscard]] bool has_folder(std::string_view relative) const;

  /// The names of the folders directly in `relative`, links left out; none when it is missing.
  [[nodiscard]] std::vector<std::string> folders(std::string_view relative) const;

  [[nodiscard]] const std::filesystem::path& root() const { return root_; }

 private:
  std::filesystem::path root_;
};

}  // namespace stresskit::dashboard
