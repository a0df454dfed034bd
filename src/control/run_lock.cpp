#include "stresskit/control/run_lock.hpp"

#include "stresskit/control/stop_flag.hpp"
#include "stresskit/support/clock.hpp"
#include "stresskit/support/error.hpp"
#include "stresskit/support/files.hpp"
#include "stresskit/support/format.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <random>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace stresskit::control {

namespace {

using support::Descriptor;

// Two bytes of the file are locked, one after the other: the first says that a run holds the
// directory, the second that what stands in the file is its own (a crashed run leaves its text
// behind, and only its locks go away with it).
constexpr off_t held_byte = 0;
constexpr off_t written_byte = 1;

struct flock lock_of(off_t byte) {
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  lock.l_start = byte;
  lock.l_len = 1;
  return lock;
}

/// 0, or why not.
int lock_byte(int fd, off_t byte) {
  struct flock lock = lock_of(byte);
  return ::fcntl(fd, F_OFD_SETLK, &lock) == 0 ? 0 : errno;
}

bool is_locked(int fd, off_t byte) {
  struct flock lock = lock_of(byte);
  return ::fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

/// What a holder wrote; nothing while it has not, or when the text makes no sense.
ActiveRun read_holder(int fd) {
  std::array<char, 512> text{};
  const ssize_t size = ::pread(fd, text.data(), text.size(), 0);
  if (size <= 0) {
    return {};
  }
  const auto json = nlohmann::json::parse(text.data(), text.data() + size, nullptr, false);
  if (!json.is_object()) {
    return {};
  }
  const auto run_id = json.find("run_id");
  const auto pid = json.find("pid");
  if (run_id == json.end() || !run_id->is_string() || pid == json.end() ||
      !pid->is_number_integer()) {
    return {};
  }
  return {run_id->get<std::string>(), pid->get<pid_t>()};
}

ActiveRun holder(int fd) {
  return is_locked(fd, written_byte) ? read_holder(fd) : ActiveRun{};
}

/// 0, or why not.
int write_holder(int fd, const ActiveRun& run) {
  const std::string text = nlohmann::json{{"run_id", run.run_id}, {"pid", run.pid}}.dump() + "\n";
  if (::ftruncate(fd, 0) != 0) {
    return errno;
  }
  const ssize_t written = ::pwrite(fd, text.data(), text.size(), 0);
  if (written < 0) {
    return errno;
  }
  return static_cast<std::size_t>(written) == text.size() ? 0 : ENOSPC;
}

[[noreturn]] void cannot_take(const config::Data& data, int error) {
  throw support::Error(
      support::ExitCode::usage,
      fmt::format("cannot take the run lock {}: {}; choose another directory with --data-dir",
                  data.run_lock().string(), std::generic_category().message(error)));
}

[[noreturn]] void held_by(const config::Data& data, const ActiveRun& run) {
  const std::string who = run.run_id.empty()
                              ? "another run, just starting,"
                              : fmt::format("run {} (process {})", run.run_id, run.pid);
  throw support::Error(
      support::ExitCode::usage,
      fmt::format("{} holds the data directory {}: end it with stop_telemetry, or choose another "
                  "directory with --data-dir",
                  who, data.dir.string()));
}

/// The lock file, opened and held. Closed again on failure, its text untouched: it is another's.
Descriptor open_locked(const config::Data& data) {
  // Readable for all: another user's stop_telemetry may ask who runs.
  Descriptor file = support::open_or_create(data.run_lock(), O_RDWR);
  const int error = file ? lock_byte(file.get(), held_byte) : errno;
  if (error == 0) {
    return file;
  }
  const bool held = file && (error == EAGAIN || error == EACCES);
  held ? held_by(data, holder(file.get())) : cannot_take(data, error);
}

}  // namespace

std::string new_run_id() {
  std::random_device random;
  return fmt::format("{}-{:04x}", support::format_utc_compact(support::Wall::now()),
                     random() & 0xffffU);
}

RunLock::~RunLock() {
  if (file_) {
    // Emptied under the lock, so a reader finds either this run or none.
    [[maybe_unused]] const int ignored = ::ftruncate(file_.get(), 0);
  }
}

RunLock RunLock::take(const config::Data& data, const std::string& run_id) {
  support::require_writable_folder(data.dir);
  RunLock lock(open_locked(data));
  remove_stop_flag(data);
  if (stop_flag_raised(data)) {  // it is a folder, perhaps: every run would stop at once
    throw support::Error(support::ExitCode::usage,
                         fmt::format("cannot remove the old stop flag {}: remove it by hand",
                                     data.stop_flag().string()));
  }
  if (const int error = write_holder(lock.file_.get(), {run_id, ::getpid()}); error != 0) {
    cannot_take(data, error);
  }
  if (const int error = lock_byte(lock.file_.get(), written_byte); error != 0) {
    cannot_take(data, error);
  }
  return lock;
}

std::optional<ActiveRun> active_run(const config::Data& data) {
  const Descriptor file(::open(data.run_lock().c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file) {
    if (errno == ENOENT || errno == ENOTDIR) {
      return std::nullopt;
    }
    throw support::Error(
        support::ExitCode::usage,
        fmt::format("cannot tell whether a run is active: {}: {}", data.run_lock().string(),
                    std::generic_category().message(errno)));
  }
  return is_locked(file.get(), held_byte) ? std::optional(holder(file.get())) : std::nullopt;
}

}  // namespace stresskit::control
