#include "stresskit/verification/verify.hpp"

#include "verification/device_rows.hpp"
#include "verification/missing_pattern.hpp"

#include "stresskit/support/crew.hpp"
#include "stresskit/support/format.hpp"
#include "stresskit/support/progress.hpp"
#include "stresskit/thingsboard/client.hpp"
#include "stresskit/thingsboard/retry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <charconv>
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
using thingsboard::Client;
using thingsboard::ErrorKind;
using thingsboard::Retry;

/// The key that holds the number of the burst.
const std::string number_key = "seq";

// What a real server of two cores answers fastest; beyond it only its queue grows.
constexpr std::size_t requests_at_once = 4;
constexpr thingsboard::Patience patience{.retries = 8, .first_pause = 500ms};
constexpr std::uint32_t page_size = 1'000;
// Devices that are watched while the server stores what it has acknowledged.
constexpr std::size_t most_watched = 50;
constexpr auto watch_every = 1s;
constexpr auto shortest_quiet = 5s;
// A first look this long after the last burst says nothing about when things were stored. As long
// as a run waits for its last acknowledgements.
constexpr double looked_soon_enough_s = 35;
constexpr std::size_t most_missing_listed = 100;

/// Whether the server, rather than this one device, is the trouble.
bool concerns_everybody(ErrorKind kind) {
  return thingsboard::is_transient(kind) || thingsboard::is_log_in_failure(kind) ||
         kind == ErrorKind::forbidden || kind == ErrorKind::refused || kind == ErrorKind::resolve ||
         kind == ErrorKind::network || kind == ErrorKind::tls ||
         kind == ErrorKind::not_thingsboard || kind == ErrorKind::redirected;
}

std::string in_words(const ApiError& error, const thingsboard::Session& session) {
  if (error.kind == ErrorKind::forbidden) {
    return fmt::format(
        "\"{}\" is {} and has no right to read the telemetry of these devices: log in as a tenant "
        "administrator",
        session.server().username, session.authority());
  }
  return thingsboard::explain(error, session.server());
}

class Verifier {
 public:
  Verifier(const RunDeeds& deeds, const std::filesystem::path& folder,
           thingsboard::Session& session, config::Duration timeout, support::Clock& clock,
           std::stop_token stop)
      : deeds_(deeds),
        range_(deeds.range()),
        session_(session),
        clock_(clock),
        stop_(std::move(stop)),
        started_(clock.now()),
        wait_until_(started_ + timeout),
        end_(started_ + 2 * timeout),
        rows_(folder, deeds.devices.size()),
        progress_(deeds.devices.size(), Progress::pending),
        counts_(deeds.devices.size()),
        accounts_(deeds.devices.size()) {}

  Storage run() {
    settle_known();
    if (ask_for_the_time()) {
      count(pending());
      while (!gave_up() && !pending().empty() && wait_for_storing()) {
        count(pending());
      }
      read_numbers(pending());
    }
    return result();
  }

 private:
  using Job = std::function<Answer<void>(Client&, Retry&, std::size_t device)>;

  /// Devices without anything to look for, and those an interrupted verification had settled.
  void settle_known() {
    for (std::size_t i = 0; i < deeds_.devices.size(); ++i) {
      const Deeds deeds = deeds_.of(i);
      if (rows_.settled_before()[i] || deeds.acknowledged() + deeds.open() == 0) {
        progress_[i] = Progress::settled;
        accounts_[i] = settled(deeds);
      }
    }
  }

  /// The first call: whether we may come in at all, and what the server's clock says.
  bool ask_for_the_time() {
    Client client(session_, stop_);
    Retry retry(patience, mood_, clock_, stop_);
    if (const auto answer = retry([&] { return client.who_am_i(); }); !answer) {
      give_up(answer.error());
      return false;
    }
    if (const auto server = client.server_time()) {
      clock_ahead_s_ = std::chrono::duration<double>(*server - clock_.wall()).count();
    }
    return true;
  }

  void count(const std::vector<std::size_t>& devices) {
    for_each(devices, "counting", [this](Client& client, Retry& retry, std::size_t i) {
      const auto answer = count_one(client, retry, i);
      if (!answer) {
        return Answer<void>(support::failure(answer.error()));
      }
      counts_[i] = *answer;
      if (const Deeds deeds = deeds_.of(i); count_fits(deeds, *answer)) {
        finish(i, Progress::settled, settled(deeds));
      }
      return Answer<void>();
    });
    last_growth_ = clock_.now();
  }

  Answer<std::uint64_t> count_one(Client& client, Retry& retry, std::size_t i) {
    const auto id = id_of(client, retry, i);
    return id ? retry([&] { return client.count_points(*id, number_key, range_); })
              : Answer<std::uint64_t>(support::failure(id.error()));
  }

  /// Waits until the server has stored everything of the watched devices (true: then all are worth
  /// counting again), or until it stores nothing more, or for the time-out.
  bool wait_for_storing() {
    const std::vector<std::size_t> watched = some_of(pending());
    const Mono::duration quiet =
        std::max<Mono::duration>(shortest_quiet, 2 * support::from_seconds(deeds_.interval_sec));
    Client client(session_, stop_);
    Retry retry(patience, mood_, clock_, stop_);
    std::uint64_t before = sum_of(watched);
    while (clock_.now() - last_growth_ < quiet) {
      if (clock_.now() >= wait_until_) {
        still_growing_ = true;
        return false;
      }
      if (!clock_.wait_until(clock_.now() + watch_every, stop_)) {
        return false;
      }
      for (const std::size_t i : watched) {
        const auto answer = count_one(client, retry, i);
        if (!answer) {
          return false;  // reading its numbers will say why
        }
        counts_[i] = *answer;
      }
      const std::uint64_t now = sum_of(watched);
      last_growth_ = now > before ? clock_.now() : last_growth_;
      before = now;
      if (std::all_of(watched.begin(), watched.end(),
                      [this](std::size_t i) { return count_fits(deeds_.of(i), counts_[i]); })) {
        return true;
      }
    }
    return false;
  }

  void read_numbers(const std::vector<std::size_t>& devices) {
    for_each(devices, "reading numbers", [this](Client& client, Retry& retry, std::size_t i) {
      const auto numbers = numbers_of(client, retry, i);
      if (!numbers) {
        return Answer<void>(support::failure(numbers.error()));
      }
      const Deeds deeds = deeds_.of(i);
      Account found = account(deeds, *numbers);
      finish(i, found == settled(deeds) ? Progress::settled : Progress::differs, std::move(found));
      return Answer<void>();
    });
  }

  Answer<std::vector<std::uint64_t>> numbers_of(Client& client, Retry& retry, std::size_t i) {
    const auto id = id_of(client, retry, i);
    if (!id) {
      return support::failure(id.error());
    }
    std::vector<std::uint64_t> numbers;
    thingsboard::TimeRange rest = range_;
    for (;;) {
      const auto page = retry([&] { return client.points(*id, number_key, rest, page_size); });
      if (!page) {
        return support::failure(page.error());
      }
      for (const thingsboard::Sample& sample : *page) {
        std::uint64_t k = 0;
        std::from_chars(sample.value.data(), sample.value.data() + sample.value.size(), k);
        numbers.push_back(k);
      }
      if (page->size() < page_size) {
        return numbers;
      }
      rest.from = page->back().ts + 1;
    }
  }

  Answer<std::string> id_of(Client& client, Retry& retry, std::size_t i) {
    const RunDeeds::Device& device = deeds_.devices[i];
    if (!device.id.empty()) {
      return device.id;
    }
    const auto found = retry([&] { return client.find_device(device.name); });
    if (!found) {
      return support::failure(found.error());
    }
    if (!*found) {
      ApiError gone;
      gone.kind = ErrorKind::not_found;
      return support::failure(gone);
    }
    return (*found)->id;
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
          Client client(session_, stop);
          Retry retry(patience, mood_, clock_, stop);
          for (std::size_t at = next++; at < devices.size() && !gave_up(); at = next++) {
            note(devices[at], job(client, retry, devices[at]));
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
      finish(i, Progress::deleted, {});
    } else if (concerns_everybody(answer.error().kind)) {
      give_up(answer.error());
    } else if (answer.error().kind != ErrorKind::stopped) {
      finish(i, Progress::unread, {});
      const std::lock_guard lock(mutex_);
      unread_because_ = thingsboard::to_string(answer.error());
    }
  }

  void finish(std::size_t i, Progress progress, Account found) {
    progress_[i] = progress;
    accounts_[i] = std::move(found);
    rows_.add(i, deeds_.devices[i].name, progress, accounts_[i]);
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

  [[nodiscard]] std::vector<std::size_t> pending() const {
    std::vector<std::size_t> devices;
    for (std::size_t i = 0; i < progress_.size(); ++i) {
      if (progress_[i] == Progress::pending) {
        devices.push_back(i);
      }
    }
    return devices;
  }

  /// Evenly over the fleet.
  [[nodiscard]] static std::vector<std::size_t> some_of(const std::vector<std::size_t>& devices) {
    std::vector<std::size_t> some;
    const std::size_t step = std::max<std::size_t>(1, devices.size() / most_watched);
    for (std::size_t i = 0; i < devices.size() && some.size() < most_watched; i += step) {
      some.push_back(devices[i]);
    }
    return some;
  }

  [[nodiscard]] std::uint64_t sum_of(const std::vector<std::size_t>& devices) const {
    return std::accumulate(devices.begin(), devices.end(), std::uint64_t{0},
                           [this](std::uint64_t sum, std::size_t i) { return sum + counts_[i]; });
  }

  [[nodiscard]] Storage result() const {
    Storage out;
    for (std::size_t i = 0; i < progress_.size(); ++i) {
      add(out, i);
    }
    out.trouble = what_is_wrong(out);
    out.state = out.trouble.empty() ? Storage::State::complete : Storage::State::incomplete;
    out.rate_limited = mood_.rate_limited;
    out.took_s = support::to_seconds(clock_.now() - started_);
    out.server_clock_ahead_s = clock_ahead_s_;
    if (out.state == Storage::State::complete) {
      out.settled_s = settled_s();
      out.hint = missing_pattern(deeds_, accounts_);
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

  void add(Storage& out, std::size_t i) const {
    const std::uint64_t acknowledged = deeds_.of(i).acknowledged();
    out.acknowledged += acknowledged;
    if (progress_[i] == Progress::settled || progress_[i] == Progress::differs) {
      ++out.devices_verified;
      out.stored += accounts_[i].stored;
      out.missing_acknowledged += accounts_[i].missing_acknowledged.size();
      out.stored_unacknowledged += accounts_[i].stored_unacknowledged.size();
      out.unexpected += accounts_[i].unexpected;
      list_missing(out, i);
      return;
    }
    out.unverified += acknowledged;
    ++(progress_[i] == Progress::deleted ? out.devices_deleted : out.devices_unread);
  }

  void list_missing(Storage& out, std::size_t i) const {
    for (const std::uint64_t k : accounts_[i].missing_acknowledged) {
      if (out.missing.size() == most_missing_listed) {
        return;
      }
      const auto burst = std::lower_bound(
          deeds_.bursts.begin(), deeds_.bursts.end(), k,
          [](const RunDeeds::Burst& b, std::uint64_t wanted) { return b.k < wanted; });
      out.missing.push_back({i, deeds_.devices[i].name, k, burst->due});
    }
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
  const thingsboard::TimeRange range_;
  thingsboard::Session& session_;
  support::Clock& clock_;
  const std::stop_token stop_;
  const Mono::time_point started_;
  const Mono::time_point wait_until_;
  const Mono::time_point end_;
  DeviceRows rows_;
  thingsboard::ServerMood mood_;
  // By device; each is touched by one worker at a time.
  std::vector<Progress> progress_;
  std::vector<std::uint64_t> counts_;
  std::vector<Account> accounts_;
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
