#include "stresskit/metrics/messages_file.hpp"
#include "stresskit/metrics/run_record.hpp"
#include "stresskit/support/files.hpp"

#include <fmt/format.h>

#include <string_view>

namespace stresskit::metrics {

support::Result<std::map<std::uint64_t, std::vector<Outcome>>> read_messages(
    const std::filesystem::path& folder) {
  const auto path = folder / "messages.bin";
  const auto text = support::read_file(path);
  if (!text) {
    return support::failure(text.error());
  }
  const std::string_view bytes(*text);
  const auto file = MessagesFile::begins_with(bytes);
  if (!file) {
    return support::failure(fmt::format("{} {}", path.string(), file.error()));
  }
  const std::size_t size = file->record_size();
  std::map<std::uint64_t, std::vector<Outcome>> bursts;
  // A record that is not whole is the last one of a killed run.
  for (std::size_t at = MessagesFile::header_size; bytes.size() - at >= size; at += size) {
    const std::string_view record = bytes.substr(at, size);
    std::vector<Outcome>& outcomes = bursts[MessagesFile::k_of(record)];
    outcomes.resize(file->devices());
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      outcomes[i] = MessagesFile::outcome(record[MessagesFile::byte_of(i)], i);
    }
  }
  return bursts;
}

}  // namespace stresskit::metrics
