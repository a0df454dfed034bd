#pragma once

#include "stresskit/support/descriptor.hpp"
#include "stresskit/support/result.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace stresskit::support {

/// Puts `contents` at `path` so that a reader sees the old file or the new one, never a half:
/// temporary file in the same folder, fsync, rename, fsync of the folder. `mode` holds from the
/// first byte on (secrets: 0600), whatever the umask. A symbolic link at `path` is replaced, never
/// followed. The folder must exist. On failure nothing of the old file is
/// lost, the temporary file is removed, and the sentence names the path and the reason.
[[nodiscard]] Result<void> replace_file(const std::filesystem::path& path,
                                        std::string_view contents, mode_t mode = 0644);

/// Whether a file that is a symbolic link is opened. In a data directory nobody but an intruder
/// makes one; a file that the user names may well be one.
enum class Links { refuse, follow };

/// The whole file, or a sentence that names the path and the reason ("... No such file or
/// directory"). Use `std::filesystem::exists` first where a missing file is no trouble.
[[nodiscard]] Result<std::string> read_file(const std::filesystem::path& path,
                                            Links links = Links::refuse);

/// Creates the folder (and its parents) if missing. Throws Error(usage) when that is impossible or
/// it cannot be written to: "cannot write to data directory ...: Read-only file system".
void require_writable_folder(const std::filesystem::path& folder);

/// Throws Error(usage) when `path`, a folder in the data directory, is a symbolic link: whoever may
/// write there would lead us out of it. One that is missing is fine.
void refuse_symlink(const std::filesystem::path& path);

/// Opens with `flags` of open(2) what others read, too: a file that is made by this has exactly
/// `mode`, whatever the umask; one that is there keeps its own. A symbolic link is refused. errno
/// tells why there is no descriptor.
[[nodiscard]] Descriptor open_or_create(const std::filesystem::path& path, int flags,
                                        mode_t mode = 0644);

/// A file that grows by whole rows. Every `append` is one write(2); a failed one is reported and
/// taken back. A crash in the middle leaves at most a torn last row, which readers of such files
/// skip.
class AppendFile {
 public:
  /// Opens for appending, creating it with `mode`, whatever the umask. A symbolic link is refused.
  [[nodiscard]] static Result<AppendFile> open(const std::filesystem::path& path,
                                               mode_t mode = 0644);

  [[nodiscard]] Result<void> append(std::string_view rows);

 private:
  AppendFile(Descriptor descriptor, std::filesystem::path path);

  Descriptor descriptor_;
  std::filesystem::path path_;
};

}  // namespace stresskit::support
