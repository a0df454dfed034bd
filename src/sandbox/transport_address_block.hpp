#pragma once

#include "sandbox/transport_settings.hpp"

#include "stresskit/support/clock.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

namespace stresskit::sandbox {

/// The per-address limit of the platform: so many refused credentials in a row block an address for
/// a while, good tokens included; a right one starts the count again. Does nothing until
/// configured.
class AddressBlocks {
 public:
  using Time = support::Mono::time_point;

  /// Nothing switches the limit off and forgets what was counted.
  void configure(const std::optional<AddressBlock>& rule);

  [[nodiscard]] bool blocked(const std::string& address, Time now) const;
  void note(const std::string& address, bool right_credentials, Time now);

 private:
  struct Record {
    std::uint32_t failures = 0;
    Time blocked_until;
  };

  std::optional<AddressBlock> rule_;
  std::unordered_map<std::string, Record> records_;
};

}  // namespace stresskit::sandbox
