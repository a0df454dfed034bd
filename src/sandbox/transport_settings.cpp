#include "sandbox/transport_settings.hpp"

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

/// The members of one object of the document, each read at most once; what nobody asked for is a
/// spelling mistake. Null reads as left out.
class Section {
 public:
  Section(const json& object, std::string name) : rest_(object), name_(std::move(name)) {
    if (!rest_.is_object()) {
      complain("is no object");
    }
  }

  json take(const char* key) {
    if (!rest_.is_object() || !rest_.contains(key)) {
      return {};
    }
    json value = std::move(rest_[key]);
    rest_.erase(key);
    return value;
  }

  void flag(const char* key, bool& out) {
    const json value = take(key);
    if (value.is_boolean()) {
      out = value.get<bool>();
    } else if (!value.is_null()) {
      complain(std::string(key) + " is no boolean");
    }
  }

  template <class Number>
  void number(const char* key, std::uint64_t highest, Number& out) {
    const json value = take(key);
    if (value.is_null()) {
      return;
    }
    if (value.is_number_unsigned() && value.get<std::uint64_t>() <= highest) {
      out = Number(static_cast<typename Raw<Number>::type>(value.get<std::uint64_t>()));
    } else {
      complain(std::string(key) + " is no whole number from 0 to " + std::to_string(highest));
    }
  }

  /// The first complaint; empty when there is none.
  [[nodiscard]] std::string finish() {
    if (problem_.empty() && rest_.is_object() && !rest_.empty()) {
      complain("has an unknown member \"" + rest_.begin().key() + "\"");
    }
    return problem_;
  }

  void complain(const std::string& what) {
    if (problem_.empty()) {
      problem_ = name_ + ": " + what;
    }
  }

 private:
  template <class Number>
  struct Raw {
    using type = Number;
  };

  json rest_;
  std::string name_;
  std::string problem_;
};

template <>
struct Section::Raw<std::chrono::milliseconds> {
  using type = std::chrono::milliseconds::rep;
};

constexpr std::uint64_t highest_code = 255;
constexpr std::uint64_t highest_count = 1'000'000;
constexpr std::uint64_t highest_ms = 86'400'000;  // a day

std::string read_rates(const json& object, RateLimits& rates) {
  Section section(object, "rate_limits");
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
  Section section(object, "ip_block");
  section.number("wrong_credentials", highest_count, block.wrong_credentials);
  section.number("block_ms", highest_ms, block.block);
  return section.finish();
}

std::string read_refusal(const json& object, ConnectRefusal& refusal) {
  Section section(object, "refuse");
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
  Section section(document, "transport settings");
  section.flag("quota_reached", settings.quota_reached);
  section.flag("close_on_accept", settings.close_on_accept);
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
