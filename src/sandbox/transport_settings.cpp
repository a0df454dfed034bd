#include "sandbox/transport_settings.hpp"

#include "sandbox/settings_section.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace stresskit::sandbox {
namespace {

using nlohmann::json;

// The names a tenant profile gives its limits, in the order of RateLimits::Name.
constexpr std::array<const char*, RateLimits::count> rate_names{
    "transportTenantMsgRateLimit",
    "transportTenantTelemetryMsgRateLimit",
    "transportTenantTelemetryDataPointsRateLimit",
    "transportDeviceMsgRateLimit",
    "transportDeviceTelemetryMsgRateLimit",
    "transportDeviceTelemetryDataPointsRateLimit",
};

constexpr std::uint64_t highest_code = 255;
constexpr std::uint64_t highest_count = 1'000'000;
constexpr std::uint64_t highest_ms = 86'400'000;  // a day

std::string read_rates(const json& object, RateLimits& rates) {
  SettingsSection section(object, "rate_limits");
  for (std::size_t name = 0; name < RateLimits::count; ++name) {
    const json value = section.take(rate_names[name]);
    if (value.is_null()) {
      continue;
    }
    if (!value.is_string()) {
      section.complain(std::string(rate_names[name]) + " is no string");
      continue;
    }
    rates.text[name] = value.get<std::string>();
    const auto parsed = TokenBuckets::parse(rates.text[name]);
    if (!parsed) {
      section.complain(std::string(rate_names[name]) + ": " + parsed.error());
    }
  }
  return section.finish();
}

std::string read_block(const json& object, AddressBlock& block) {
  SettingsSection section(object, "ip_block");
  section.number("wrong_credentials", highest_count, block.wrong_credentials);
  section.number("block_ms", highest_ms, block.block);
  return section.finish();
}

std::string read_refusal(const json& object, ConnectRefusal& refusal) {
  SettingsSection section(object, "refuse");
  section.number("code", highest_code, refusal.code);
  section.number("code_v5", highest_code, refusal.code_v5);
  return section.finish();
}

}  // namespace

support::Result<TransportSettings> parse_transport_settings(std::string_view text) {
  const json document = json::parse(text, nullptr, false);
  if (document.is_discarded()) {
    return support::failure("not a JSON document");
  }

  TransportSettings settings;
  SettingsSection section(document, "transport settings");
  section.flag("quota_reached", settings.quota_reached);
  section.flag("close_on_accept", settings.close_on_accept);
  section.number("max_connections_per_address", highest_count,
                 settings.max_connections_per_address);
  section.number("connack_delay_ms", highest_ms, settings.connack_delay);
  section.number("puback_delay_ms", highest_ms, settings.puback_delay);
  section.number("inactivity_ms", highest_ms, settings.inactivity);

  std::string nested;
  if (const json rates = section.take("rate_limits"); !rates.is_null()) {
    nested = read_rates(rates, settings.rates);
  }
  if (const json block = section.take("ip_block"); !block.is_null() && nested.empty()) {
    nested = read_block(block, settings.address_block.emplace());
  }
  if (const json refusal = section.take("refuse"); !refusal.is_null() && nested.empty()) {
    nested = read_refusal(refusal, settings.refusal.emplace());
  }
  if (const std::string problem = section.finish(); !problem.empty()) {
    return support::failure(problem);
  }
  if (!nested.empty()) {
    return support::failure(nested);
  }
  return settings;
}

}  // namespace stresskit::sandbox
