#pragma once

#include "stresskit/delivery/ledger.hpp"

#include <cstdint>

namespace bench {

/// A ledger whose devices send a message a burst, with times that look like a real burst's.
class BusyLedger {
 public:
  using Mono = stresskit::support::Mono;

  explicit BusyLedger(std::uint32_t devices) : devices_(devices), ledger_(devices, true) {}

  /// Every device sends; nothing is acknowledged yet.
  void send_burst();
  /// Every message of that burst is acknowledged, in the order it was sent.
  void acknowledge_burst();

  [[nodiscard]] stresskit::delivery::Ledger& ledger() { return ledger_; }

 private:
  std::uint32_t devices_;
  stresskit::delivery::Ledger ledger_;
  std::uint32_t k_ = 0;
  Mono::time_point now_;
};

}  // namespace bench
