#include "sandbox/storage_backlog.hpp"

#include "sandbox/settings_section.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace stresskit::sandbox {
namespace {

constexpr std::uint64_t highest_count = 1'000'000;
constexpr std::uint64_t highest_ms = 86'400'000;  // a day
constexpr std::uint64_t highest_s = 31'536'000;   // a year

}  // namespace

support::Result<StorageBehaviour> parse_storage_behaviour(const nlohmann::json& json) {
  StorageBehaviour behaviour;
  std::chrono::seconds ttl{0};
  SettingsSection section(json, "storage");
  section.number("drop_every", highest_count, behaviour.drop_every);
  section.number("delay_ms", highest_ms, behaviour.delay);
  section.number("rate", highest_count, behaviour.rate);
  section.flag("durable", behaviour.durable);
  section.flag("waits_in_database", behaviour.waits_in_database);
  section.number("ttl_s", highest_s, ttl);
  behaviour.ttl = ttl;
  if (const std::string problem = section.finish(); !problem.empty()) {
    return support::failure(problem);
  }
  return behaviour;
}

void StorageBacklog::configure(const StorageBehaviour& behaviour, Time now) {
  behaviour_ = behaviour;
  since_drop_ = 0;
  next_slot_ = now;
}

bool StorageBacklog::add(AcceptedMessage message) {
  if (behaviour_.drop_every > 0 && ++since_drop_ == behaviour_.drop_every) {
    since_drop_ = 0;
    return false;
  }
  waiting_.push_back(std::move(message));
  return true;
}

std::optional<StorageBacklog::Time> StorageBacklog::next_due() const {
  if (waiting_.empty()) return std::nullopt;
  return std::max(waiting_.front().accepted + behaviour_.delay, next_slot_);
}

std::optional<AcceptedMessage> StorageBacklog::take(Time now) {
  const auto due = next_due();
  if (!due || *due > now) return std::nullopt;
  // From the due time, not from now: who asks late does not slow the store down.
  if (behaviour_.rate > 0) {
    next_slot_ = *due + std::chrono::duration_cast<Time::duration>(
                            std::chrono::duration<double>(1 / behaviour_.rate));
  }
  AcceptedMessage message = std::move(waiting_.front());
  waiting_.pop_front();
  return message;
}

std::size_t StorageBacklog::rows() const {
  return std::accumulate(
      waiting_.begin(), waiting_.end(), std::size_t{0},
      [](std::size_t sum, const AcceptedMessage& m) { return sum + m.readings.size(); });
}

void StorageBacklog::server_ended() {
  if (!behaviour_.durable) waiting_.clear();
}

}  // namespace stresskit::sandbox
