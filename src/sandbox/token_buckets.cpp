#include "sandbox/token_buckets.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace stresskit::sandbox {
namespace {

std::optional<double> positive(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole && value > 0 ? std::optional<double>(value) : std::nullopt;
}

/// What stands before the first `separator`, which is taken off `text` with it.
std::string_view take_up_to(char separator, std::string_view& text) {
  const std::size_t end = text.find(separator);
  const std::string_view part = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  return part;
}

}  // namespace

support::Result<std::vector<TokenBuckets::Rate>> TokenBuckets::parse(std::string_view text) {
  std::vector<Rate> rates;
  while (!text.empty()) {
    const std::string_view one = take_up_to(',', text);
    std::string_view seconds_text = one;
    const auto capacity = positive(take_up_to(':', seconds_text));
    const auto seconds = positive(seconds_text);
    if (!capacity || !seconds) {
      return support::failure("a rate limit is \"capacity:seconds[,capacity:seconds...]\", not \"" +
                              std::string(one) + "\"");
    }
    rates.push_back({*capacity, *seconds});
  }
  return rates;
}

TokenBuckets::TokenBuckets(const std::vector<Rate>& rates, Time now) {
  for (const Rate& rate : rates) {
    buckets_.push_back({rate, rate.capacity, now});
  }
}

bool TokenBuckets::take(std::size_t count, Time now) {
  const auto wanted = static_cast<double>(count);
  bool enough = true;
  for (Bucket& bucket : buckets_) {
    const double passed = std::chrono::duration<double>(now - bucket.filled).count();
    const double gained = passed * bucket.rate.capacity / bucket.rate.seconds;
    bucket.tokens = std::min(bucket.rate.capacity, bucket.tokens + gained);
    bucket.filled = now;
    enough = enough && bucket.tokens >= wanted;
  }
  if (!enough) {
    return false;
  }
  for (Bucket& bucket : buckets_) {
    bucket.tokens -= wanted;
  }
  return true;
}

}  // namespace stresskit::sandbox
