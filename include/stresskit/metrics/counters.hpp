#pragma once

#include <cstdint>
#include <optional>

namespace stresskit::metrics {

/// What became of messages, as counts that always add up:
///
///     planned   = attempted + skipped
///     attempted = sent + failed
///     sent      = acknowledged + lost + unacknowledged + in_flight     (QoS 1)
///
/// The counts can only be changed by moving one message from one state to the next, so no sequence
/// of calls breaks the identities. With QoS 0 `sent` is final and the last line does not apply.
///
/// `Int`: 32 bits are enough for one device (a message a second for 136 years), totals take 64.
template <class Int>
class BasicCounters {
 public:
  // due -> ...
  void skip() { ++skipped_; }
  void fail() { ++failed_; }
  void send() { ++sent_, ++in_flight_; }
  void send_without_acknowledgement() { ++sent_; }  ///< QoS 0

  // in flight -> ... REQUIRES: in_flight() > 0
  void acknowledge() { --in_flight_, ++acknowledged_; }
  void lose() { --in_flight_, ++lost_; }
  void give_up() { --in_flight_, ++unacknowledged_; }
  /// A message handed over only in part whose connection died: the only way `sent` falls.
  void retract() { --in_flight_, --sent_, ++failed_; }

  [[nodiscard]] Int planned() const { return attempted() + skipped_; }
  [[nodiscard]] Int attempted() const { return sent_ + failed_; }
  [[nodiscard]] Int skipped() const { return skipped_; }
  [[nodiscard]] Int sent() const { return sent_; }
  [[nodiscard]] Int failed() const { return failed_; }
  [[nodiscard]] Int acknowledged() const { return acknowledged_; }
  [[nodiscard]] Int lost() const { return lost_; }
  [[nodiscard]] Int unacknowledged() const { return unacknowledged_; }
  [[nodiscard]] Int in_flight() const { return in_flight_; }

  template <class Other>
  BasicCounters& operator+=(const BasicCounters<Other>& other) {
    skipped_ += other.skipped();
    failed_ += other.failed();
    sent_ += other.sent();
    acknowledged_ += other.acknowledged();
    lost_ += other.lost();
    unacknowledged_ += other.unacknowledged();
    in_flight_ += other.in_flight();
    return *this;
  }

  /// The counts as a file holds them; what follows from the others is left out.
  struct Parts {
    Int skipped = 0;
    Int failed = 0;
    Int sent = 0;
    Int acknowledged = 0;
    Int lost = 0;
    Int unacknowledged = 0;
    Int in_flight = 0;
  };

  /// Nothing when the counts do not add up; `sent` alone is QoS 0.
  [[nodiscard]] static std::optional<BasicCounters> from(const Parts& parts) {
    const Int settled = parts.acknowledged + parts.lost + parts.unacknowledged + parts.in_flight;
    if (settled != parts.sent && settled != 0) {
      return std::nullopt;
    }
    BasicCounters counters;
    counters.skipped_ = parts.skipped;
    counters.failed_ = parts.failed;
    counters.sent_ = parts.sent;
    counters.acknowledged_ = parts.acknowledged;
    counters.lost_ = parts.lost;
    counters.unacknowledged_ = parts.unacknowledged;
    counters.in_flight_ = parts.in_flight;
    return counters;
  }

  friend bool operator==(const BasicCounters&, const BasicCounters&) = default;

 private:
  Int skipped_ = 0;
  Int failed_ = 0;
  Int sent_ = 0;
  Int acknowledged_ = 0;
  Int lost_ = 0;
  Int unacknowledged_ = 0;
  Int in_flight_ = 0;
};

using Counters = BasicCounters<std::uint64_t>;
using SmallCounters = BasicCounters<std::uint32_t>;

}  // namespace stresskit::metrics
