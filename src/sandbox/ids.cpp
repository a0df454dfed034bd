#include "sandbox/ids.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <chrono>

namespace stresskit::sandbox {
namespace {

// 100 ns ticks between 1582-10-15, where time based UUIDs begin (RFC 4122), and 1970.
constexpr std::uint64_t ticks_before_1970 = 0x01B21DD213814000ULL;

}  // namespace

bool is_uuid(std::string_view text) {
  constexpr std::size_t length = 36;
  if (text.size() != length) return false;
  for (std::size_t i = 0; i < length; ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : std::isxdigit(static_cast<unsigned char>(text[i])) == 0) {
      return false;
    }
  }
  return true;
}

Ids::Ids() : random_(std::random_device{}()), node_(random_() & 0xFFFF'FFFF'FFFFULL) {}

std::string Ids::uuid() {
  const std::scoped_lock lock(mutex_);
  const auto now = std::chrono::duration_cast<std::chrono::nanoseconds>(
      std::chrono::system_clock::now().time_since_epoch());
  const std::uint64_t tick = static_cast<std::uint64_t>(now.count()) / 100 + ticks_before_1970;
  last_tick_ = std::max(tick, last_tick_ + 1);
  return fmt::format("{:08x}-{:04x}-1{:03x}-9f0a-{:012x}", last_tick_ & 0xFFFF'FFFFU,
                     last_tick_ >> 32U & 0xFFFFU, last_tick_ >> 48U & 0xFFFU, node_);
}

std::string Ids::random_uuid() {
  const std::scoped_lock lock(mutex_);
  const std::uint64_t high = random_();
  const std::uint64_t low = random_();
  return fmt::format("{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}", high >> 32U, high >> 16U & 0xFFFFU,
                     high & 0xFFFU, (low >> 48U & 0x3FFFU) | 0x8000U, low & 0xFFFF'FFFF'FFFFULL);
}

std::string Ids::word(std::string_view alphabet, std::size_t length) {
  const std::scoped_lock lock(mutex_);
  std::string text;
  while (text.size() < length) text.push_back(alphabet[random_() % alphabet.size()]);
  return text;
}

std::string Ids::alphanumeric(std::size_t length) {
  return word("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", length);
}

std::string Ids::lower_alphanumeric(std::size_t length) {
  return word("abcdefghijklmnopqrstuvwxyz0123456789", length);
}

}  // namespace stresskit::sandbox
