#include "faults/file_layer.hpp"

#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace stresskit::test {

FileLayer* FileLayer::current = nullptr;

FileLayer::FileLayer(std::filesystem::path folder) : folder_(std::move(folder)) {
  current = this;
}

FileLayer::~FileLayer() {
  current = nullptr;
}

void FileLayer::fail(std::size_t first, std::size_t last, int error) {
  first_ = first;
  last_ = last;
  error_ = error;
}

bool FileLayer::stops(Step step, const std::filesystem::path& path,
                      const std::filesystem::path& to) {
  if (!path.native().starts_with(folder_.native())) {
    return false;
  }
  records_.push_back({step, path, to});
  const std::size_t number = records_.size() - 1;
  if (number < first_ || number > last_) {
    return false;
  }
  errno = error_;
  return true;
}

bool FileLayer::is_deadly() const {
  return deadly_ && records_.size() == *deadly_ + 1;
}

std::string to_string(FileLayer::Step step) {
  constexpr const char* words[] = {"create", "write", "sync", "rename"};
  return words[static_cast<int>(step)];
}

namespace {

std::filesystem::path path_of(int descriptor) {
  std::error_code unknown;
  return std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(descriptor), unknown);
}

/// Whether the step must not be done: it fails, or it was the process' last.
bool stopped(FileLayer::Step step, const std::filesystem::path& path,
             const std::filesystem::path& to = {}) {
  if (FileLayer::current == nullptr) {
    return false;
  }
  const bool fails = FileLayer::current->stops(step, path, to);
  const int error = errno;
  if (FileLayer::current->is_deadly()) {
    ::raise(SIGKILL);
  }
  errno = error;
  return fails;
}

}  // namespace
}  // namespace stresskit::test

// The names are the linker's.
// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming)
extern "C" {

using stresskit::test::FileLayer;
using Step = FileLayer::Step;

ssize_t __real_write(int descriptor, const void* bytes, std::size_t size);
int __real_fsync(int descriptor);
int __real_rename(const char* from, const char* to);
int __real_mkostemp(char* pattern, int flags);
int __real_open(const char* path, int flags, ...);

ssize_t __wrap_write(int descriptor, const void* bytes, std::size_t size) {
  FileLayer* const layer = FileLayer::current;
  if (layer == nullptr) {
    return __real_write(descriptor, bytes, size);
  }
  const bool fails = layer->stops(Step::write, stresskit::test::path_of(descriptor));
  const int error = errno;
  if (fails || layer->is_deadly()) {
    [[maybe_unused]] const ssize_t half = __real_write(descriptor, bytes, size / 2);
  }
  if (layer->is_deadly()) {
    ::raise(SIGKILL);
  }
  errno = error;
  return fails ? -1 : __real_write(descriptor, bytes, size);
}

// No power cut comes in a test: the record of a sync is all that is wanted, and takes no time.
int __wrap_fsync(int descriptor) {
  if (FileLayer::current == nullptr) {
    return __real_fsync(descriptor);
  }
  return stresskit::test::stopped(Step::sync, stresskit::test::path_of(descriptor)) ? -1 : 0;
}

int __wrap_rename(const char* from, const char* to) {
  return stresskit::test::stopped(Step::rename, from, to) ? -1 : __real_rename(from, to);
}

int __wrap_mkostemp(char* pattern, int flags) {
  return stresskit::test::stopped(Step::create, pattern) ? -1 : __real_mkostemp(pattern, flags);
}

int __wrap_open(const char* path, int flags, ...) {
  mode_t mode = 0;
  if ((flags & O_CREAT) != 0) {
    va_list rest;
    va_start(rest, flags);
    mode = va_arg(rest, mode_t);
    va_end(rest);
    if (stresskit::test::stopped(Step::create, path)) {
      return -1;
    }
  }
  return __real_open(path, flags, mode);
}

}  // extern "C"
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)
