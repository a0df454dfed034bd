#include "sandbox/server_clock.hpp"

#include <fmt/chrono.h>

#include <atomic>

namespace stresskit::sandbox {
namespace {

std::atomic<std::int64_t> offset_ms = 0;

}  // namespace

std::int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
             .count() +
         offset_ms;
}

std::string http_date() {
  return fmt::format("{:%a, %d %b %Y %H:%M:%S GMT}", fmt::gmtime(now_ms() / 1000));
}

void set_clock_offset(std::chrono::milliseconds offset) {
  offset_ms = offset.count();
}

std::chrono::milliseconds clock_offset() {
  return std::chrono::milliseconds(offset_ms);
}

}  // namespace stresskit::sandbox
