#include "micro/fleet_of_figures.hpp"

namespace bench {

using namespace std::chrono_literals;

void BusyLedger::send_burst() {
  now_ += 1s;
  ledger_.begin_burst(k_, now_);
  for (std::uint32_t slot = 0; slot < devices_; ++slot) {
    now_ += 10us;
    ledger_.sent(slot, k_ % 65'535 + 1, 90, now_);
  }
}

void BusyLedger::acknowledge_burst() {
  for (std::uint32_t slot = 0; slot < devices_; ++slot) {
    now_ += 10us;
    ledger_.acknowledged(slot, k_ % 65'535 + 1, now_);
  }
  ++k_;
}

}  // namespace bench
