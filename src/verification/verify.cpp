#include "stresskit/verification/verify.hpp"

#include "verification/fleet_accounts.hpp"
#include "verification/missing_pattern.hpp"
#include "verification/rest_trouble.hpp"
#include "verification/stored_reader.hpp"

#include "stresskit/support/crew.hpp"
#include "stresskit/support/format.hpp"
#include "stresskit/support/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <mutex>
#include <numeric>
#include <utility>

namespace stresskit::verification {

namespace {

using namespace std::chrono_literals;
using metrics::Storage;
using support::Mono;
using thingsboard::Answer;
using thingsboard::ApiError;
using thingsboard::ErrorKind;

// What a real server of two cores answers fastest; beyond it only its queue grows.
constexpr std::size_t requests_at_once = 4;
// Devices that are watched while the server stores what it has acknowledged.
constexpr std::size_t most_watched = 50;
constexpr auto watch_every = 1s;
constexpr auto shortest_quiet = 5s;
// A first look this long after the last burst says nothing about when things were stored. As long
// as a run waits for its last acknowledgements.
constexpr double looked_soon_enough_s = 35;

/// Evenly over the fleet.
std::vector<std::size_t> some_of(const std::vector<std::size_t>& devices) {
  std::vector<std::size_t> some;
  const std::size_t step = std::max<std::size_t>(1, devices.size() / most_watched);
  for (std::size_t i = 0; i < devices.size() && some.size() < most_watched; i += step) {
    some.push_back(devices[i]);
  }
  return some;
}

class Verifier {
 public:
  Verifier(const RunDeeds& deeds, const std::filesystem::path& folder,
           thingsboard::Session& session, config::Duration timeout, support::Clock& clock,
           std::stop_token stop)
      : deeds_(deeds),
        session_(session),
        clock_(clock),
        stop_(std::move(stop)),
        started_(clock.now()),
        wait_until_(started_ + timeout),
        end_(started_ + 2 * timeout),
        fleet_(deeds, folder),
        counts_(deeds.devices.size()) {}

  Storage run() {
    if (ask_for_the_time()) {
      count(fleet_.pending());
      while (!gave_up() && !fleet_.pending().empty() && wait_for_storing()) {
        count(fleet_.pending());
      }
      read_numbers(fleet_.pending());
    }
    return result();
  }

 private:
  using Job = std::function<Answer<void>(StoredReader&, std::size_t device)>;

  [[nodiscard]] StoredReader reader(const std::stop_token& stop) {
    return {deeds_, session_, mood_, clock_, stop};
  }

  /// The first call: whether we may come in at all, and what the server's clock says.
  bool ask_for_the_time() {
    StoredReader server = reader(stop_);
    if (const auto answer = server.who_am_i(); !answer) {
      give_up(answer.error());
      return false;
    }
    clock_ahead_s_ = server.server_clock_ahead_s();
    return true;
  }

  void count(const std::vector<std::size_t>& devices) {
    for_each(devices, "counting", [this](StoredReader& server, std::size_t i) {
      const auto answer = server.count(i);
      if (!answer) {
        return Answer<void>(support::failure(answer.error()));
      }
      counts_[i] = *answer;
      if (const Deeds deeds = deeds_.of(i); count_fits(deeds, *answer)) {
        fleet_.finish(i, Progress::settled, settled(deeds));
      }
      return Answer<void>();
    });
    last_growth_ = clock_.now();
  }

  /// Waits until the server has stored everything of the watched devices (true: then all are worth
  /// counting again), or until it stores nothing more, or for the time-out.
  bool wait_for_storing() {
    const std::vector<std::size_t> watched = some_of(fleet_.pending());
    const Mono::duration quiet =
        std::max<Mono::duration>(shortest_quiet, support::from_seconds(2 * deeds_.interval_sec));
    StoredReader server = reader(stop_);
    while (clock_.now() - last_growth_ < quiet) {
      if (clock_.now() >= wait_until_) {
        still_growing_ = true;
        return false;
      }
      if (!clock_.wait_until(clock_.now() + watch_every, stop_) || !recount(watched, server)) {
        return false;  // stopped, or reading the numbers will say why
      }
      if (std::all_of(watched.begin(), watched.end(),
                      [this](std::size_t i) { return count_fits(deeds_.of(i), counts_[i]); })) {
        return true;
      }
    }
    return false;
  }

  bool recount(const std::vector<std::size_t>& watched, StoredReader& server) {
    const std::uint64_t before = sum_of(watched);
    for (const std::size_t i : watched) {
      const auto answer = server.count(i);
      if (!answer) {
        return false;
      }
      counts_[i] = *answer;
    }
    last_growth_ = sum_of(watched) > before ? clock_.now() : last_growth_;
    return true;
  }

  void read_numbers(const std::vector<std::size_t>& devices) {
    for_each(devices, "reading numbers", [this](StoredReader& server, std::size_t i) {
      const auto numbers = server.numbers(i);
      if (!numbers) {
        return Answer<void>(support::failure(numbers.error()));
      }
      const Deeds deeds = deeds_.of(i);
      Account found = account(deeds, *numbers);
      const bool fits = found == settled(deeds);
      fleet_.finish(i, fits ? Progress::settled : Progress::differs, std::move(found));
      return Answer<void>();
    });
  }

  /// Does `job` for every device, several at once, until it is done or nobody can go on.
  void for_each(const std::vector<std::size_t>& devices, const char* label, const Job& job) {
    if (devices.empty() || gave_up()) {
      return;
    }
    support::Progress shown(label, "devices", devices.size(), clock_);
    std::atomic<std::size_t> next = 0;
    support::Crew crew(
        std::min(requests_at_once, devices.size()), stop_, [&](std::stop_token stop) {
          StoredReader server = reader(stop);
          for (std::size_t at = next++; at < devices.size() && !gave_up(); at = next++) {
            note(devices[at], job(server, devices[at]));
          }
        });
    while (!crew.wait_for(100ms)) {
      shown.update(std::min(next.load(), devices.size()));
      if (clock_.now() >= end_) {
        give_up("it took longer than twice VERIFY_TIMEOUT_SEC");
        crew.stop();
      }
    }
    crew.finish();
    shown.finish(std::min(next.load(), devices.size()));
  }

  void note(std::size_t i, const Answer<void>& answer) {
    if (answer) {
      return;
    }
    if (answer.error().kind == ErrorKind::not_found) {
      fleet_.finish(i, Progress::deleted, {});
    } else if (concerns_everybody(answer.error().kind)) {
      give_up(answer.error());
    } else if (answer.error().kind != ErrorKind::stopped) {
      fleet_.finish(i, Progress::unread, {});
      const std::lock_guard lock(mutex_);
      unread_because_ = thingsboard::to_string(answer.error());
    }
  }

  void give_up(const ApiError& error) {
    give_up(error.kind == ErrorKind::stopped ? "it was interrupted" : in_words(error, session_));
  }
  void give_up(std::string why) {
    const std::lock_guard lock(mutex_);
    if (trouble_.empty()) {
      trouble_ = std::move(why);
    }
    gave_up_ = true;
  }
  [[nodiscard]] bool gave_up() const { return gave_up_ || stop_.stop_requested(); }

  [[nodiscard]] std::uint64_t sum_of(const std::vector<std::size_t>& devices) const {
    return std::accumulate(devices.begin(), devices.end(), std::uint64_t{0},
                           [this](std::uint64_t sum, std::size_t i) { return sum + counts_[i]; });
  }

  [[nodiscard]] Storage result() const {
    Storage out = fleet_.sums();
    out.trouble = what_is_wrong(out);
    out.state = out.trouble.empty() ? Storage::State::complete : Storage::State::incomplete;
    out.rate_limited = mood_.rate_limited;
    out.took_s = support::to_seconds(clock_.now() - started_);
    out.server_clock_ahead_s = clock_ahead_s_;
    if (out.state == Storage::State::complete) {
      out.settled_s = settled_s();
      out.hint = missing_pattern(deeds_, fleet_.accounts());
    }
    return out;
  }

  /// From the last due time until the counts stood still; nothing when we came too late to see it.
  [[nodiscard]] std::optional<double> settled_s() const {
    const double since_due = support::unix_seconds(clock_.wall()) - deeds_.bursts.back().due;
    const double looked = support::to_seconds(clock_.now() - started_);
    const double quiet = support::to_seconds(clock_.now() - last_growth_);
    return since_due - looked <= looked_soon_enough_s
               ? std::optional(std::max(0.0, since_due - quiet))
               : std::nullopt;
  }

  [[nodiscard]] std::string what_is_wrong(const Storage& found) const {
    if (!trouble_.empty()) {
      return trouble_;
    }
    if (stop_.stop_requested()) {
      return "it was interrupted";
    }
    if (still_growing_) {
      return "the server was still storing when VERIFY_TIMEOUT_SEC was over";
    }
    return found.devices_unread == 0
               ? std::string()
               : fmt::format("{} could not be read: {}",
                             support::format_count(found.devices_unread, "device"),
                             unread_because_);
  }

  const RunDeeds& deeds_;
  thingsboard::Session& session_;
  support::Clock& clock_;
  const std::stop_token stop_;
  const Mono::time_point started_;
  const Mono::time_point wait_until_;
  const Mono::time_point end_;
  FleetAccounts fleet_;
  thingsboard::ServerMood mood_;
  std::vector<std::uint64_t> counts_;  ///< by device; each is touched by one worker at a time
  Mono::time_point last_growth_{};
  bool still_growing_ = false;
  std::optional<double> clock_ahead_s_;
  std::atomic<bool> gave_up_ = false;
  std::mutex mutex_;
  // guarded by mutex_ while workers run
  std::string trouble_;
  std::string unread_because_;
};

}  // namespace

Storage verify(const RunDeeds& deeds, const std::filesystem::path& folder,
               thingsboard::Session& session, config::Duration timeout, support::Clock& clock,
               std::stop_token stop) {
  if (deeds.bursts.empty()) {
    Storage nothing;
    nothing.state = Storage::State::complete;
    nothing.devices_verified = deeds.devices.size();
    return nothing;
  }
  return Verifier(deeds, folder, session, timeout, clock, std::move(stop)).run();
}

}  // namespace stresskit::verification
