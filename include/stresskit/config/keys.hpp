#pragma once

#include "stresskit/config/settings.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stresskit::config {

/// The programs, as bits, so that a key can say who takes it.
enum class Program : std::uint32_t {
  check_connectivity = 1U << 0U,
  provision = 1U << 1U,
  run_telemetry = 1U << 2U,
  stop_telemetry = 1U << 3U,
  run_dashboard = 1U << 4U,
  delete_by_prefix = 1U << 5U,
  run_sandbox = 1U << 6U,
  make_report = 1U << 7U,
  verify_storage = 1U << 8U,
};

inline constexpr std::array all_programs{
    Program::check_connectivity, Program::provision,      Program::run_telemetry,
    Program::stop_telemetry,     Program::run_dashboard,  Program::delete_by_prefix,
    Program::make_report,        Program::verify_storage, Program::run_sandbox};

/// A set of programs.
class Programs {
 public:
  constexpr Programs() = default;
  constexpr Programs(Program one) : bits_(static_cast<std::uint32_t>(one)) {}

  [[nodiscard]] constexpr bool has(Program one) const {
    return (bits_ & static_cast<std::uint32_t>(one)) != 0;
  }
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }

  friend constexpr Programs operator|(Programs a, Programs b) {
    a.bits_ |= b.bits_;
    return a;
  }

 private:
  std::uint32_t bits_ = 0;
};

constexpr Programs operator|(Program a, Program b) {
  return Programs(a) | Programs(b);
}

/// How a value is written and what may stand in it.
enum class Type {
  text,           ///< UTF-8 without control characters
  path,           ///< a file or folder that need not exist
  file,           ///< a file that must be readable
  url,            ///< http(s)://host[:port][/path]; a slash at the end is dropped
  host,           ///< a name or an address, without scheme and port; IPv6 with or without brackets
  prefix,         ///< see check_prefix
  uuid,           ///< 8-4-4-4-12 hex digits
  boolean,        ///< 1 true yes on | 0 false no off
  count,          ///< a whole number in the range
  number,         ///< a number in the range, fractions allowed
  duration,       ///< 90, 90s, 1.5s, 250ms, 2m, 1h; the range is in seconds
  whole_seconds,  ///< the same, but no fractions of a second
  milliseconds,   ///< the same, but a bare number means milliseconds; the range is in milliseconds
  choice,         ///< one of the words of `choices`
  list,           ///< texts, with commas between them
  stages,         ///< "100@30s, 300@30s": devices and how long, with commas between them
};

/// The headings of `--help`, `.env.example` and the configuration page, in their order.
enum class Group {
  thingsboard,
  devices,
  provisioning,
  mqtt,
  run,
  verification,
  output,
  dashboard,
  data,
  command
};

/// A value that parsed; which field holds it depends on the key's type.
struct Value {
  std::string text{};               ///< text, path, file, url, host, prefix, uuid, choice
  std::uint64_t count = 0;          ///< count
  double number = 0;                ///< number
  Duration duration{};              ///< duration, whole_seconds, milliseconds
  bool yes = false;                 ///< boolean
  std::vector<std::string> list{};  ///< list
  std::vector<Stage> stages{};      ///< stages
};

struct Range {
  double min = 0;
  double max = 0;
};

/// One row of the table: all there is to know about one setting.
struct Key {
  std::string_view name{};    ///< "DEVICE_COUNT"; empty: exists on the command line only
  std::string_view option{};  ///< "device-count"; empty: a secret, which a command line would show
  Group group{};
  Type type{};
  std::string_view fallback{};  ///< the default, as a user would write it; empty: none
  std::string_view says{};      ///< the default in words, where `fallback` is empty or says little
  Range range{};                ///< count, number, and the durations
  std::string_view choices{};   ///< choice: the words, with '|' between them
  std::string_view unit{};      ///< of a bare number: "s", "ms", "a second"
  std::string_view example{};   ///< the value in `.env.example`, for keys without a default
  std::string_view help{};      ///< one line, without its default
  bool secret = false;          ///< its value is never shown
  bool repeatable = false;      ///< the option may be given several times: the values make one list
  bool positional = false;      ///< may stand on the command line without its option
  Programs taken_by{};          ///< validated for these, ignored by the others
  Programs needed_by{};         ///< these refuse to start without it
  void (*store)(Settings& settings, const Value& value) = nullptr;
};

/// The table, grouped. The only place that knows the keys.
[[nodiscard]] std::span<const Key> keys();

/// The row of that name, or null.
[[nodiscard]] const Key* find_key(std::string_view name);

/// "run_telemetry".
[[nodiscard]] std::string_view to_string(Program program);

/// "ThingsBoard", "Devices", ...
[[nodiscard]] std::string_view to_string(Group group);

/// What `.env.example` holds, and what stands between the markers of docs/configuration.md: made
/// from the table, and compared with the files by a test.
[[nodiscard]] std::string env_example();
[[nodiscard]] std::string options_table();

/// `--help` of one program: at most 100 columns.
[[nodiscard]] std::string help(Program program);

}  // namespace stresskit::config
