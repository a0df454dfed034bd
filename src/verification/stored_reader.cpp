#include "verification/stored_reader.hpp"

#include "verification/burst_number.hpp"

#include <utility>

namespace stresskit::verification {

namespace {

using namespace std::chrono_literals;
using thingsboard::Answer;
using thingsboard::ApiError;
using thingsboard::ErrorKind;

constexpr thingsboard::Patience patience{.retries = 8, .first_pause = 500ms};
constexpr std::uint32_t page_size = 1'000;

}  // namespace

StoredReader::StoredReader(const RunDeeds& deeds, thingsboard::Session& session,
                           thingsboard::ServerMood& mood, support::Clock& clock,
                           const std::stop_token& stop)
    : deeds_(deeds),
      range_(deeds.range()),
      clock_(clock),
      client_(session, stop),
      retry_(patience, mood, clock, stop) {}

Answer<thingsboard::User> StoredReader::who_am_i() {
  return retry_([this] { return client_.who_am_i(); });
}

std::optional<double> StoredReader::server_clock_ahead_s() const {
  const auto server = client_.server_time();
  return server ? std::optional(std::chrono::duration<double>(*server - clock_.wall()).count())
                : std::nullopt;
}

Answer<std::uint64_t> StoredReader::count(std::size_t device) {
  const auto id = id_of(device);
  return id ? retry_([&] { return client_.count_points(*id, burst_number_key, range_); })
            : Answer<std::uint64_t>(support::failure(id.error()));
}

Answer<std::vector<std::uint64_t>> StoredReader::numbers(std::size_t device) {
  const auto id = id_of(device);
  if (!id) {
    return support::failure(id.error());
  }
  std::vector<std::uint64_t> numbers;
  thingsboard::TimeRange rest = range_;
  for (;;) {
    const auto page =
        retry_([&] { return client_.points(*id, burst_number_key, rest, page_size); });
    if (!page) {
      return support::failure(page.error());
    }
    for (const thingsboard::Sample& sample : *page) {
      if (const auto k = burst_number(sample)) {
        numbers.push_back(*k);
      }
    }
    if (page->size() < page_size) {
      return numbers;
    }
    rest.from = page->back().ts + 1;
  }
}

Answer<std::string> StoredReader::id_of(std::size_t device) {
  const RunDeeds::Device& known = deeds_.devices[device];
  if (!known.id.empty()) {
    return known.id;
  }
  const auto found = retry_([&] { return client_.find_device(known.name); });
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

}  // namespace stresskit::verification
