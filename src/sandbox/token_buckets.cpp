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

}  // namespace

support::Result<std::vector<TokenBuckets::Rate>> TokenBuckets::parse(std::string_view text) {
  std::vector<Rate> rates;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view one = text.substr(0, comma);
    const std::size_t colon = std::min(one.find(':'), one.size());
    const auto capacity = positive(one.substr(0, colon));
    const auto seconds = positive(one.substr(std::min(colon + 1, one.size())));
    if (!capacity || !seconds) {
      return support::failure("a rate limit is \"capacity:seconds[,capacity:seconds...]\", not \"" +
                              std::string(one) + "\"");
    }
    rates.push_back({*capacity, *seconds});
    text.remove_prefix(std::min(comma + 1, text.size()));
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
