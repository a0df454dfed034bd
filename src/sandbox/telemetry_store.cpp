#include "sandbox/telemetry_store.hpp"

#include "sandbox/server_clock.hpp"

#include <algorithm>
#include <limits>
#include <span>
#include <utility>

namespace stresskit::sandbox {
namespace {

using Samples = std::span<const Sample>;

bool earlier(const Sample& sample, std::int64_t ts) {
  return sample.ts < ts;
}

Samples between(Samples all, std::int64_t start, std::int64_t end) {
  const auto first = std::lower_bound(all.begin(), all.end(), start, earlier);
  const auto last = std::lower_bound(first, all.end(), std::max(start, end), earlier);
  return {first, last};
}

bool is_string(const Sample& sample) {
  const auto* text = std::get_if<Text>(&sample.value);
  return text != nullptr && !text->is_json();
}
bool is_json(const Sample& sample) {
  const auto* text = std::get_if<Text>(&sample.value);
  return text != nullptr && text->is_json();
}

/// The platform counts one type a bucket: booleans if there are any, else strings, else JSON, else
/// numbers.
std::int64_t count(Samples bucket) {
  const auto booleans = std::count_if(bucket.begin(), bucket.end(), [](const Sample& sample) {
    return std::holds_alternative<bool>(sample.value);
  });
  if (booleans > 0) return booleans;
  const auto strings = std::count_if(bucket.begin(), bucket.end(), is_string);
  if (strings > 0) return strings;
  const auto documents = std::count_if(bucket.begin(), bucket.end(), is_json);
  return documents > 0 ? documents : static_cast<std::int64_t>(bucket.size());
}

struct Numbers {
  std::int64_t count = 0;
  bool all_whole = true;
  double sum = 0;
  std::int64_t whole_sum = 0;
  double least = 0;
  double most = 0;

  void add(double value) {
    least = count == 0 ? value : std::min(least, value);
    most = count == 0 ? value : std::max(most, value);
    sum += value;
    ++count;
  }
};

Numbers numbers_of(Samples bucket) {
  Numbers numbers;
  for (const Sample& sample : bucket) {
    if (const auto* whole = std::get_if<std::int64_t>(&sample.value)) {
      numbers.add(static_cast<double>(*whole));
      numbers.whole_sum += *whole;
    } else if (const auto* real = std::get_if<double>(&sample.value)) {
      numbers.add(*real);
      numbers.all_whole = false;
    }
  }
  return numbers;
}

std::optional<Value> aggregate(Samples bucket, Aggregation how) {
  if (bucket.empty()) return std::nullopt;
  if (how == Aggregation::count) return Value(count(bucket));
  const Numbers numbers = numbers_of(bucket);
  if (numbers.count == 0) return std::nullopt;
  const auto as_stored = [&](double value) {
    return numbers.all_whole ? Value(static_cast<std::int64_t>(value)) : Value(value);
  };
  switch (how) {
    case Aggregation::sum:
      return numbers.all_whole ? Value(numbers.whole_sum) : Value(numbers.sum);
    case Aggregation::avg:
      return Value(numbers.sum / static_cast<double>(numbers.count));
    case Aggregation::min:
      return as_stored(numbers.least);
    default:
      return as_stored(numbers.most);
  }
}

std::vector<Sample> buckets(Samples all, const HistoryQuery& query) {
  std::vector<Sample> result;
  for (std::int64_t start = query.start; start < query.end;) {
    // Written so that a huge interval cannot overflow.
    const std::int64_t end =
        query.end - start <= query.interval ? query.end : start + query.interval;
    if (auto value = aggregate(between(all, start, end), query.aggregation)) {
      result.push_back({start + (end - start) / 2, std::move(*value)});
    }
    start = end;
  }
  return result;
}

}  // namespace

void TelemetryStore::set_ttl(std::chrono::milliseconds ttl) {
  const std::scoped_lock lock(mutex_);
  ttl_ms_ = ttl.count();
}

std::int64_t TelemetryStore::oldest() const {
  return ttl_ms_ == 0 ? std::numeric_limits<std::int64_t>::min() : now_ms() - ttl_ms_;
}

void TelemetryStore::save(const std::string& device, std::vector<Reading> readings) {
  if (readings.empty()) return;
  const std::scoped_lock lock(mutex_);
  Keys& keys = devices_[device];
  for (Reading& reading : readings) {
    auto series = std::find_if(keys.begin(), keys.end(),
                               [&](const Series& known) { return known.key == reading.key; });
    if (series == keys.end()) series = keys.insert(keys.end(), {reading.key, {}, false});
    put(*series, reading);
  }
}

void TelemetryStore::put(Series& series, Reading& reading) {
  auto& samples = series.samples;
  const auto at = samples.empty() || samples.back().ts < reading.ts
                      ? samples.end()
                      : std::lower_bound(samples.begin(), samples.end(), reading.ts, earlier);
  series.has_latest = series.has_latest || at == samples.end();
  if (at != samples.end() && at->ts == reading.ts) {
    at->value = std::move(reading.value);
    return;
  }
  samples.insert(at, {reading.ts, std::move(reading.value)});
  ++size_;
}

std::vector<std::string> TelemetryStore::keys(const std::string& device) const {
  const std::scoped_lock lock(mutex_);
  std::vector<std::string> names;
  const auto found = devices_.find(device);
  if (found == devices_.end()) return names;
  for (const Series& series : found->second) {
    if (series.has_latest) names.push_back(series.key);
  }
  return names;
}

template <class Devices>
auto TelemetryStore::find(Devices& devices, const std::string& device, const std::string& key)
    -> decltype(devices.begin()->second.data()) {
  const auto found = devices.find(device);
  if (found == devices.end()) return nullptr;
  auto& keys = found->second;
  const auto series =
      std::find_if(keys.begin(), keys.end(), [&](const Series& s) { return s.key == key; });
  return series == keys.end() ? nullptr : &*series;
}

std::optional<Sample> TelemetryStore::latest(const std::string& device,
                                             const std::string& key) const {
  const std::scoped_lock lock(mutex_);
  const Series* series = find(devices_, device, key);
  if (series == nullptr || !series->has_latest || series->samples.empty()) return std::nullopt;
  return series->samples.back();
}

std::vector<Sample> TelemetryStore::history(const std::string& device, const std::string& key,
                                            const HistoryQuery& query) const {
  const std::scoped_lock lock(mutex_);
  const Series* series = find(devices_, device, key);
  if (series == nullptr) return {};
  const Samples kept = between(series->samples, oldest(), std::numeric_limits<std::int64_t>::max());
  if (query.aggregation != Aggregation::none) return buckets(kept, query);
  const Samples range = between(kept, query.start, query.end);
  const std::size_t wanted = std::min(query.limit, range.size());
  if (query.ascending) return {range.begin(), range.begin() + static_cast<std::ptrdiff_t>(wanted)};
  return {range.rbegin(), range.rbegin() + static_cast<std::ptrdiff_t>(wanted)};
}

void TelemetryStore::erase(const std::string& device, const std::string& key, std::int64_t start,
                           std::int64_t end) {
  const std::scoped_lock lock(mutex_);
  Series* series = find(devices_, device, key);
  if (series == nullptr) return;
  auto& samples = series->samples;
  const auto first = std::lower_bound(samples.begin(), samples.end(), start, earlier);
  const auto last = std::lower_bound(first, samples.end(), std::max(start, end), earlier);
  if (first != last && last == samples.end()) series->has_latest = false;
  size_ -= static_cast<std::uint64_t>(last - first);
  samples.erase(first, last);
}

void TelemetryStore::erase(const std::string& device) {
  const std::scoped_lock lock(mutex_);
  const auto found = devices_.find(device);
  if (found == devices_.end()) return;
  for (const Series& series : found->second) size_ -= series.samples.size();
  devices_.erase(found);
}

std::uint64_t TelemetryStore::size() const {
  const std::scoped_lock lock(mutex_);
  return size_;
}

}  // namespace stresskit::sandbox
