#pragma once

#include "sandbox/values.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace stresskit::sandbox {

/// One stored value.
struct Sample {
  std::int64_t ts = 0;  ///< milliseconds since 1970
  Value value;
};

enum class Aggregation { none, count, sum, avg, min, max };

/// What is asked of one key: the samples in [start, end), raw or by buckets of `interval`.
struct HistoryQuery {
  std::int64_t start = 0;
  std::int64_t end = 0;
  std::int64_t interval = 0;  ///< milliseconds; used with an aggregation
  Aggregation aggregation = Aggregation::none;
  std::size_t limit = 100;  ///< raw samples only
  bool ascending = false;   ///< raw samples only: newest first unless set
};

/// The time series of all devices: per device and key the values by millisecond, where the same
/// millisecond overwrites. Holds 15,000 devices with 300 values each in some 150 MB.
///
/// Threads: every method may be called from any thread.
class TelemetryStore {
 public:
  /// Rows whose time is further back than this are gone, all but the newest value of a key, which
  /// the platform keeps in a table of its own; 0: none.
  void set_ttl(std::chrono::milliseconds ttl);

  void save(const std::string& device, std::vector<Reading> readings);

  /// In the order in which the keys first appeared.
  [[nodiscard]] std::vector<std::string> keys(const std::string& device) const;

  /// The newest value, if the key has one.
  [[nodiscard]] std::optional<Sample> latest(const std::string& device,
                                             const std::string& key) const;

  /// Raw samples, or one sample for each bucket that is not empty, at the middle of its bucket.
  [[nodiscard]] std::vector<Sample> history(const std::string& device, const std::string& key,
                                            const HistoryQuery& query) const;

  /// Removes the samples in [start, end).
  void erase(const std::string& device, const std::string& key, std::int64_t start,
             std::int64_t end);

  void erase(const std::string& device);

  /// Samples kept, all devices together.
  [[nodiscard]] std::uint64_t size() const;

 private:
  struct Series {
    std::string key;
    std::vector<Sample> samples;  ///< by time
    bool has_latest = false;      ///< deleting the newest value takes "latest" away until a write
  };
  using Keys = std::vector<Series>;  ///< a handful a device: searching is as fast as hashing

  /// The series in `devices` (const or not), or nullptr.
  template <class Devices>
  static auto find(Devices& devices, const std::string& device, const std::string& key)
      -> decltype(devices.begin()->second.data());
  void put(Series& series, Reading& reading);
  /// The first time that the time to live leaves.
  [[nodiscard]] std::int64_t oldest() const;

  mutable std::mutex mutex_;
  // guarded by mutex_
  std::unordered_map<std::string, Keys> devices_;
  std::uint64_t size_ = 0;
  std::int64_t ttl_ms_ = 0;
};

}  // namespace stresskit::sandbox
