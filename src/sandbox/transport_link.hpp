#pragma once

#include "sandbox/frames.hpp"

#include "stresskit/support/clock.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace stresskit::sandbox {

/// The transport's end of the link: never blocks, buffers without bound what the platform does not
/// take in time (as the real server's in-memory queue does), keeps the order.
///
/// Does not own the descriptor. Threads: one.
class TransportLink {
 public:
  explicit TransportLink(int descriptor) : descriptor_(descriptor) {}

  [[nodiscard]] int descriptor() const { return descriptor_; }

  void queue(std::string_view frame) { out_.append(frame); }

  /// Hands over what the kernel takes right now.
  void flush();
  [[nodiscard]] bool drained() const { return sent_ == out_.size(); }

  /// Hands over everything, waiting for the platform to read, but not beyond `limit`.
  void drain(std::chrono::milliseconds limit);

  /// Reads what has arrived, a bounded portion, and hands out the whole frames in it. False when
  /// the platform is gone.
  [[nodiscard]] bool receive(const std::function<void(FrameBody)>& on_frame);

 private:
  int descriptor_;
  std::string out_;
  std::size_t sent_ = 0;  ///< of `out_`
  FrameSplitter in_;
  std::vector<char> buffer_ = std::vector<char>(65'536);
};

}  // namespace stresskit::sandbox
