#include "dashboard/published_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace stresskit::dashboard {
namespace {

using support::Descriptor;

FileProblem problem_of(int error) {
  if (error == ENOENT || error == ENOTDIR) {
    return {.missing = true, .reason = "there is no such file"};
  }
  if (error == ELOOP) {
    return {.missing = false, .reason = "it is a symbolic link, which is not followed"};
  }
  return {.missing = false, .reason = std::generic_category().message(error)};
}

bool plain_name(std::string_view part) {
  return !part.empty() && part != "." && part != ".." && part.find('\0') == std::string_view::npos;
}

/// Walks down `relative` without following a link; opens its last part with `flags`.
support::Result<Descriptor, FileProblem> walk(const std::filesystem::path& root,
                                              std::string_view relative, int flags) {
  Descriptor at(::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  while (at) {
    const std::size_t slash = relative.find('/');
    const bool last = slash == std::string_view::npos;
    const std::string part(relative.substr(0, slash));
    if (!plain_name(part)) {
      return support::failure(problem_of(ENOENT));
    }
    at = Descriptor(::openat(at.get(), part.c_str(),
                             (last ? flags : O_PATH | O_DIRECTORY) | O_NOFOLLOW | O_CLOEXEC));
    if (last && at) {
      return at;
    }
    relative.remove_prefix(last ? relative.size() : slash + 1);
  }
  return support::failure(problem_of(errno));
}

}  // namespace

PublishedFile::PublishedFile(Descriptor descriptor, std::uint64_t identity, std::string tag,
                             std::size_t size)
    : descriptor_(std::move(descriptor)), identity_(identity), tag_(std::move(tag)), size_(size) {}

support::Result<std::string, FileProblem> PublishedFile::portion(std::size_t offset,
                                                                 std::size_t most) const {
  std::string text;
  std::array<char, 65536> part{};
  while (text.size() < most) {
    const ssize_t got =
        ::pread(descriptor_.get(), part.data(), std::min(part.size(), most - text.size()),
                static_cast<off_t>(offset + text.size()));
    if (got == 0) {
      break;
    }
    if (got < 0 && errno != EINTR) {
      return support::failure(problem_of(errno));
    }
    text.append(part.data(), static_cast<std::size_t>(got < 0 ? 0 : got));
  }
  return text;
}

support::Result<std::string, FileProblem> PublishedFile::contents() const {
  auto text = portion(0, largest_file + 1);
  if (text && text->size() > largest_file) {
    return support::failure(FileProblem{.missing = false, .reason = "it is too large to be ours"});
  }
  return text;
}

support::Result<PublishedFile, FileProblem> PublishedFolder::open(std::string_view relative) const {
  // Non-blocking: opening a named pipe would otherwise wait for its writer.
  auto found = walk(root_, relative, O_RDONLY | O_NONBLOCK);
  if (!found) {
    return support::failure(std::move(found.error()));
  }
  struct stat info {};
  if (::fstat(found->get(), &info) != 0) {
    return support::failure(problem_of(errno));
  }
  if (!S_ISREG(info.st_mode)) {
    return support::failure(FileProblem{.missing = false, .reason = "it is not a regular file"});
  }
  std::string tag = fmt::format("{:x}-{:x}-{:x}.{:x}", info.st_ino, info.st_size,
                                info.st_mtim.tv_sec, info.st_mtim.tv_nsec);
  return PublishedFile(std::move(*found), info.st_ino, std::move(tag),
                       static_cast<std::size_t>(info.st_size));
}

bool PublishedFolder::has_folder(std::string_view relative) const {
  return walk(root_, relative, O_PATH | O_DIRECTORY).has_value();
}

std::vector<std::string> PublishedFolder::folders(std::string_view relative) const {
  std::vector<std::string> names;
  auto found = walk(root_, relative, O_RDONLY | O_DIRECTORY);
  if (!found) {
    return names;
  }
  const std::unique_ptr<DIR, int (*)(DIR*)> listing(::fdopendir(found->get()), &::closedir);
  if (!listing) {
    return names;
  }
  (void)found->release();  // the listing closes it
  while (const dirent* entry = ::readdir(listing.get())) {
    struct stat info {};
    if (plain_name(entry->d_name) &&
        ::fstatat(::dirfd(listing.get()), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) == 0 &&
        S_ISDIR(info.st_mode)) {
      names.emplace_back(entry->d_name);
    }
  }
  return names;
}

}  // namespace stresskit::dashboard
