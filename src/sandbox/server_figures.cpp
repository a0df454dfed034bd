#include "sandbox/server_figures.hpp"

#include "sandbox/server_clock.hpp"

namespace stresskit::sandbox {
namespace {

using namespace std::chrono_literals;

constexpr auto pack_timeout = 2s;  // of the queue "Main"

}  // namespace

ServerFigures::ServerFigures(const support::Clock& clock)
    : clock_(clock), next_report_(clock.now() + default_period) {}

void ServerFigures::set_period(std::chrono::milliseconds period) {
  const std::scoped_lock lock(mutex_);
  report_if_due();
  period_ = period;
  next_report_ = clock_.now() + period_;
}

LiveFigures ServerFigures::live() const {
  const std::scoped_lock lock(mutex_);
  return live_;
}

void ServerFigures::accepted(std::size_t points) {
  const std::scoped_lock lock(mutex_);
  report_if_due();
  ++counted_.transport_messages;
  ++live_.accepted;
  counted_.transport_points += points;
  if (!queue_created_) queue_created_ = now_ms();
}

void ServerFigures::stored(std::size_t points, std::size_t days, support::Mono::duration waited) {
  const std::scoped_lock lock(mutex_);
  report_if_due();
  counted_.storage_points += points * days;
  live_.stored_rows += points;
  const auto outcome = waited > pack_timeout ? &QueueRow::timed_out : &QueueRow::successful;
  ++(counting_.*outcome);
  ++(live_.processed.*outcome);
}

void ServerFigures::failed() {
  const std::scoped_lock lock(mutex_);
  report_if_due();
  ++counting_.failed;
  ++live_.processed.failed;
}

UsageFigures ServerFigures::usage() const {
  const std::scoped_lock lock(mutex_);
  report_if_due();
  return reported_;
}

std::optional<QueueRow> ServerFigures::queue() const {
  const std::scoped_lock lock(mutex_);
  report_if_due();
  return row_;
}

std::optional<std::int64_t> ServerFigures::queue_created() const {
  const std::scoped_lock lock(mutex_);
  return queue_created_;
}

/// Nothing was counted since the report was due: whoever counts asks first. So it does not matter
/// that it is made late.
void ServerFigures::report_if_due() const {
  const auto late = clock_.now() - next_report_;
  if (late < 0s) return;
  next_report_ += period_ * (late / period_ + 1);
  reported_ = counted_;
  if (counting_.total() == 0) return;
  row_ = counting_;
  row_->ts = now_ms() - std::chrono::duration_cast<std::chrono::milliseconds>(late).count();
  counting_ = {};
}

}  // namespace stresskit::sandbox
