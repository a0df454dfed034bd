#include "sandbox/transport_limits.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace stresskit::sandbox {
namespace {

using Name = RateLimits::Name;

std::optional<double> positive(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole && value > 0 ? std::optional<double>(value) : std::nullopt;
}

bool is_set(const std::vector<TokenBuckets::Rate>& rates) {
  return !rates.empty();
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

void RateLimiter::configure(const RateLimits& limits, Time now) {
  for (std::size_t name = 0; name < RateLimits::count; ++name) {
    if (limits.text[name] == limits_.text[name]) {
      continue;
    }
    rates_[name] =
        TokenBuckets::parse(limits.text[name]).value_or(std::vector<TokenBuckets::Rate>{});
    const bool of_tenant = name < Name::device_messages;
    if (of_tenant) {
      tenant_[name].reset();
      if (is_set(rates_[name])) {
        tenant_[name].emplace(rates_[name], now);
      }
    }
    for (auto& [device, buckets] : devices_) {
      buckets[name].reset();
      if (!of_tenant && is_set(rates_[name])) {
        buckets[name].emplace(rates_[name], now);
      }
    }
  }
  limits_ = limits;
  if (std::none_of(rates_.begin() + Name::device_messages, rates_.end(), is_set)) {
    devices_.clear();
  }
}

bool RateLimiter::pass(const std::string& device, std::size_t data_points, Time now) {
  if (!take(tenant_, Name::tenant_messages, data_points, now)) {
    return false;
  }
  if (std::none_of(rates_.begin() + Name::device_messages, rates_.end(), is_set)) {
    return true;
  }
  return take(of_device(device, now), Name::device_messages, data_points, now);
}

bool RateLimiter::take(Buckets& buckets, std::size_t first, std::size_t data_points, Time now) {
  const auto enough = [&](std::size_t name, std::size_t count) {
    return !buckets[name] || buckets[name]->take(count, now);
  };
  if (data_points == 0) {
    return enough(first, 1);
  }
  return enough(first + Name::tenant_telemetry, 1) &&
         enough(first + Name::tenant_data_points, data_points);
}

RateLimiter::Buckets& RateLimiter::of_device(const std::string& device, Time now) {
  const auto [entry, is_new] = devices_.try_emplace(device);
  if (is_new) {
    for (std::size_t name = Name::device_messages; name < RateLimits::count; ++name) {
      if (is_set(rates_[name])) {
        entry->second[name].emplace(rates_[name], now);
      }
    }
  }
  return entry->second;
}

}  // namespace stresskit::sandbox
