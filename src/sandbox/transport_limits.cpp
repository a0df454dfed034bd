#include "sandbox/transport_limits.hpp"

#include <algorithm>

namespace stresskit::sandbox {
namespace {

using Name = RateLimits::Name;

bool is_set(const std::vector<TokenBuckets::Rate>& rates) {
  return !rates.empty();
}

}  // namespace

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
