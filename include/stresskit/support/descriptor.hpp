// A file descriptor that has one owner.
#pragma once

#include <unistd.h>
#include <utility>

namespace stresskit::support {

/// Owns a file descriptor and closes it at the end of its scope. Made of what open(2), socket(2)
/// and the like return: a negative value is none, and is not closed. `errno` is kept by the
/// destructor, so that the reason of a failure survives the way out.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(Descriptor&& other) noexcept : value_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }
  ~Descriptor();

  [[nodiscard]] int get() const { return value_; }
  [[nodiscard]] explicit operator bool() const { return value_ >= 0; }

  /// Gives it away: the caller closes it.
  [[nodiscard]] int release() { return std::exchange(value_, -1); }

  /// Closes now, so that the caller learns of an error that close(2) reports; errno tells which.
  [[nodiscard]] bool close_now() { return ::close(release()) == 0; }

 private:
  int value_ = -1;
};

}  // namespace stresskit::support
