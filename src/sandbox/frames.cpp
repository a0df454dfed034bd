#include "sandbox/frames.hpp"

#include <utility>

namespace stresskit::sandbox {
namespace {

constexpr std::size_t length_bytes = 4;

void put(std::string& out, std::uint64_t value, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; ++i)
    out.push_back(static_cast<char>(value >> (8 * i) & 0xFFU));
}

std::uint64_t get(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) {
    value = value << 8U | static_cast<std::uint8_t>(bytes[i]);
  }
  return value;
}

}  // namespace

FrameWriter::FrameWriter(Frame type) : bytes_(length_bytes, '\0') {
  u8(static_cast<std::uint8_t>(type));
}

FrameWriter& FrameWriter::u8(std::uint8_t value) {
  bytes_.push_back(static_cast<char>(value));
  return *this;
}

FrameWriter& FrameWriter::u64(std::uint64_t value) {
  put(bytes_, value, 8);
  return *this;
}

FrameWriter& FrameWriter::i64(std::int64_t value) {
  return u64(static_cast<std::uint64_t>(value));
}

FrameWriter& FrameWriter::str(std::string_view text) {
  put(bytes_, text.size(), length_bytes);
  bytes_.append(text);
  return *this;
}

std::string FrameWriter::take() {
  std::string length;
  put(length, bytes_.size() - length_bytes, length_bytes);
  bytes_.replace(0, length_bytes, length);
  return std::exchange(bytes_, {});
}

std::string_view FrameBody::bytes(std::size_t count) {
  if (!good_ || rest_.size() < count) {
    good_ = false;
    return {};
  }
  const std::string_view taken = rest_.substr(0, count);
  rest_.remove_prefix(count);
  return taken;
}

std::uint8_t FrameBody::u8() {
  return static_cast<std::uint8_t>(get(bytes(1)));
}
std::uint64_t FrameBody::u64() {
  return get(bytes(8));
}
std::int64_t FrameBody::i64() {
  return static_cast<std::int64_t>(u64());
}
std::string_view FrameBody::str() {
  return bytes(get(bytes(length_bytes)));
}

std::optional<FrameBody> FrameSplitter::next() {
  const std::string_view rest = std::string_view(buffer_).substr(start_);
  const std::size_t length = rest.size() < length_bytes ? 0 : get(rest.substr(0, length_bytes));
  if (length == 0 || rest.size() < length_bytes + length) {
    // Compact only when nothing whole is left, so that handed-out frames stay valid.
    buffer_.erase(0, start_);
    start_ = 0;
    return std::nullopt;
  }
  start_ += length_bytes + length;
  const auto type = static_cast<Frame>(rest[length_bytes]);
  return FrameBody(type, rest.substr(length_bytes + 1, length - 1));
}

}  // namespace stresskit::sandbox
