#include "stresskit/support/files.hpp"

#include "stresskit/support/error.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace stresskit::support {

namespace fs = std::filesystem;

namespace {

std::string reason(int error) {
  if (error == ELOOP) {  // of O_NOFOLLOW
    return "it is a symbolic link, which is not followed";
  }
  return std::generic_category().message(error);
}

tl::unexpected<std::string> cannot(std::string_view what, const fs::path& path, int error) {
  return failure(fmt::format("cannot {} {}: {}", what, path.string(), reason(error)));
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written < 0) {
      return false;
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

/// Writes and syncs a fresh temporary file; errno tells why when it is false.
bool write_temporary(int fd, std::string_view contents, mode_t mode) {
  return ::fchmod(fd, mode) == 0 && write_all(fd, contents) && ::fsync(fd) == 0;
}

}  // namespace

Result<void> replace_file(const fs::path& path, std::string_view contents, mode_t mode) {
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  std::string temporary = (folder / ("." + path.filename().string() + ".XXXXXX")).string();
  // mkostemp creates with 0600: a secret is never readable by others, not even for a moment.
  Descriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!file) {
    return cannot("write", path, errno);
  }
  // The close belongs to the write: some file systems report a full disk only there.
  if (!write_temporary(file.get(), contents, mode) || !file.close_now() ||
      ::rename(temporary.c_str(), path.c_str()) != 0) {
    const int error = errno;
    ::unlink(temporary.c_str());
    return cannot("write", path, error);
  }
  // Without this the rename itself may be forgotten in a power cut.
  const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory) {
    ::fsync(directory.get());
  }
  return {};
}

Result<std::string> read_file(const fs::path& path, Links links) {
  const int follow = links == Links::refuse ? O_NOFOLLOW : 0;
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | follow));
  if (!file) {
    return cannot("read", path, errno);
  }
  std::string contents;
  char buffer[65'536];
  for (;;) {
    const ssize_t got = ::read(file.get(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      return cannot("read", path, errno);
    }
    if (got == 0) {
      return contents;
    }
    contents.append(buffer, static_cast<std::size_t>(got));
  }
}

void refuse_symlink(const fs::path& path) {
  std::error_code ignored;
  if (fs::is_symlink(path, ignored)) {
    throw Error(
        ExitCode::usage,
        fmt::format("{} is a symbolic link, which is not followed out of the data directory; "
                    "make the data directory itself the link, or choose another with "
                    "--data-dir",
                    path.string()));
  }
}

void require_writable_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) {
    throw Error(ExitCode::usage, fmt::format("cannot create data directory {}: {}", folder.string(),
                                             error.message()));
  }
  // Asking access(2) would miss a read-only file system for root and a full disk for anybody.
  std::string probe = (folder / ".probe.XXXXXX").string();
  const Descriptor file(::mkostemp(probe.data(), O_CLOEXEC));
  const bool written = file && write_all(file.get(), "probe\n");
  const int problem = errno;
  if (file) {
    ::unlink(probe.c_str());
  }
  if (!written) {
    throw Error(ExitCode::usage,
                fmt::format("cannot write to data directory {}: {}; choose another with --data-dir",
                            folder.string(), reason(problem)));
  }
}

Descriptor open_or_create(const fs::path& path, int flags, mode_t mode) {
  flags |= O_CLOEXEC | O_NOFOLLOW;
  Descriptor made(::open(path.c_str(), flags | O_CREAT | O_EXCL, mode));
  if (!made && errno == EEXIST) {
    return Descriptor(::open(path.c_str(), flags));
  }
  if (made) {
    ::fchmod(made.get(), mode);
  }
  return made;
}

Result<AppendFile> AppendFile::open(const fs::path& path, mode_t mode) {
  Descriptor file = open_or_create(path, O_WRONLY | O_APPEND, mode);
  if (!file) {
    return cannot("open", path, errno);
  }
  return AppendFile(std::move(file), path);
}

AppendFile::AppendFile(Descriptor descriptor, fs::path path)
    : descriptor_(std::move(descriptor)), path_(std::move(path)) {}

Result<void> AppendFile::append(std::string_view rows) {
  const off_t before = ::lseek(descriptor_.get(), 0, SEEK_END);
  if (!write_all(descriptor_.get(), rows)) {
    const int problem = errno;
    // So that what is appended later does not stand behind half a row. Where that fails, too,
    // readers leave the half row out.
    [[maybe_unused]] const int cut_off = ::ftruncate(descriptor_.get(), before);
    return cannot("append to", path_, problem);
  }
  return {};
}

}  // namespace stresskit::support
