#include "provision/job_list.hpp"

#include "stresskit/fleet/device.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace stresskit::provision {

using thingsboard::ErrorKind;

JobList::JobList(std::size_t count, std::size_t workers)
    : count_(count), most_in_a_row_(std::max<std::size_t>(8, 2 * workers)) {}

std::optional<std::size_t> JobList::next() {
  const std::lock_guard lock(mutex_);
  return ended_ || next_ == count_ ? std::nullopt : std::optional(next_++);
}

void JobList::succeeded() {
  const std::lock_guard lock(mutex_);
  ++done_;
  in_a_row_ = 0;
}

void JobList::failed(std::string name, const thingsboard::ApiError& error) {
  const std::lock_guard lock(mutex_);
  if (error.kind == ErrorKind::stopped) {
    end_locked("interrupted", false);
    return;  // not tried to the end: the next run does it
  }
  ++done_;
  failures_.push_back({std::move(name), thingsboard::to_string(error)});
  if (thingsboard::is_log_in_failure(error.kind) || error.kind == ErrorKind::forbidden) {
    end_locked(thingsboard::to_string(error), true);
  } else if (thingsboard::is_transient(error.kind) || thingsboard::is_unreached(error.kind)) {
    if (++in_a_row_ >= most_in_a_row_) {
      end_locked(
          fmt::format("the server does not answer any more ({})", thingsboard::to_string(error)),
          false);
    }
  }
}

void JobList::failed(std::string name, std::string problem) {
  const std::lock_guard lock(mutex_);
  ++done_;
  failures_.push_back({std::move(name), std::move(problem)});
}

void JobList::end(std::string reason, bool log_in_failure) {
  const std::lock_guard lock(mutex_);
  end_locked(std::move(reason), log_in_failure);
}

void JobList::end_locked(std::string reason, bool log_in_failure) {
  if (!ended_) {
    ended_early_ = std::move(reason);
  }
  ended_ = true;
  log_in_failed_ = log_in_failed_ || log_in_failure;
}

std::uint32_t JobList::done() const {
  const std::lock_guard lock(mutex_);
  return done_;
}

std::vector<Failed> JobList::failures() const {
  const std::lock_guard lock(mutex_);
  std::vector<Failed> out = failures_;
  std::sort(out.begin(), out.end(),
            [](const Failed& a, const Failed& b) { return fleet::name_less(a.name, b.name); });
  return out;
}

std::string JobList::ended_early() const {
  const std::lock_guard lock(mutex_);
  return ended_early_;
}

bool JobList::log_in_failed() const {
  const std::lock_guard lock(mutex_);
  return log_in_failed_;
}

}  // namespace stresskit::provision
