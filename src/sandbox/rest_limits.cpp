#include "sandbox/rest_limits.hpp"

#include "sandbox/answer.hpp"
#include "sandbox/settings_section.hpp"

#include <fmt/format.h>

namespace stresskit::sandbox {
namespace {

std::optional<TokenBuckets> buckets(const std::string& rate) {
  const auto parsed = TokenBuckets::parse(rate);
  if (!parsed || parsed->empty()) return std::nullopt;
  return TokenBuckets(*parsed, support::Mono::now());
}

}  // namespace

support::Result<RestRates> parse_rest_rates(const nlohmann::json& json) {
  RestRates rates;
  SettingsSection section(json, "rest_limits");
  const auto read = [&](const char* name, std::string& rate) {
    const nlohmann::json value = section.take(name);
    if (value.is_null()) return;
    if (!value.is_string()) return section.complain(std::string(name) + " is no string");
    rate = value.get<std::string>();
    const auto parsed = TokenBuckets::parse(rate);
    if (!parsed) section.complain(std::string(name) + ": " + parsed.error());
  };
  read("tenantServerRestLimitsConfiguration", rates.tenant);
  read("customerServerRestLimitsConfiguration", rates.customer);
  if (const std::string problem = section.finish(); !problem.empty()) {
    return support::failure(problem);
  }
  return rates;
}

void RestLimits::configure(const RestRates& rates) {
  const std::scoped_lock lock(mutex_);
  rates_ = rates;
  tenant_ = buckets(rates.tenant);
  customer_ = buckets(rates.customer);
}

RestRates RestLimits::rates() const {
  const std::scoped_lock lock(mutex_);
  return rates_;
}

void RestLimits::spend(Authority caller) {
  if (caller == Authority::sys_admin) return;
  const std::scoped_lock lock(mutex_);
  const auto take = [](std::optional<TokenBuckets>& buckets, const char* whose) {
    if (buckets && !buckets->take(1, support::Mono::now())) {
      throw Refusal(429, code_too_many_requests,
                    fmt::format("Too many requests for current {}!", whose));
    }
  };
  take(tenant_, "tenant");
  if (caller == Authority::customer_user) take(customer_, "customer");
}

}  // namespace stresskit::sandbox
