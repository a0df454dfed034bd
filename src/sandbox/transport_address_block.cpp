#include "sandbox/transport_address_block.hpp"

namespace stresskit::sandbox {

void AddressBlocks::configure(const std::optional<AddressBlock>& rule) {
  rule_ = rule;
  if (!rule_) {
    records_.clear();
  }
}

bool AddressBlocks::blocked(const std::string& address, Time now) const {
  const auto record = records_.find(address);
  return record != records_.end() && now < record->second.blocked_until;
}

void AddressBlocks::note(const std::string& address, bool right_credentials, Time now) {
  if (!rule_) {
    return;
  }
  if (right_credentials) {
    records_.erase(address);
    return;
  }
  Record& record = records_[address];
  if (++record.failures >= rule_->wrong_credentials) {
    record.failures = 0;
    record.blocked_until = now + rule_->block;
  }
}

}  // namespace stresskit::sandbox
