#include "stresskit/metrics/run_record.hpp"
#include "stresskit/support/files.hpp"

#include <fmt/format.h>

#include <string_view>

namespace stresskit::metrics {

namespace {

constexpr std::string_view magic = "TSKM";
constexpr std::uint64_t known_version = 1;
constexpr std::size_t header_size = 12;

std::uint64_t little_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    value |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  }
  return value;
}

std::vector<Outcome> unpack(std::string_view bytes, std::size_t devices) {
  std::vector<Outcome> outcomes(devices);
  for (std::size_t i = 0; i < devices; ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i / 4]);
    outcomes[i] = static_cast<Outcome>((byte >> (2 * (i % 4))) & 3U);
  }
  return outcomes;
}

}  // namespace

support::Result<std::map<std::uint64_t, std::vector<Outcome>>> read_messages(
    const std::filesystem::path& folder) {
  const auto path = folder / "messages.bin";
  const auto text = support::read_file(path);
  if (!text) {
    return support::failure(text.error());
  }
  const std::string_view bytes(*text);
  if (bytes.size() < header_size || !bytes.starts_with(magic)) {
    return support::failure(fmt::format("{} does not begin as such a file does", path.string()));
  }
  if (const std::uint64_t version = little_endian(bytes.substr(4, 4)); version != known_version) {
    return support::failure(
        fmt::format("{} is of version {}, known is {}", path.string(), version, known_version));
  }
  const std::size_t devices = little_endian(bytes.substr(8, 4));
  const std::size_t packed = (devices + 3) / 4;
  std::map<std::uint64_t, std::vector<Outcome>> bursts;
  // A record that is not whole is the last one of a killed run.
  for (std::size_t at = header_size; bytes.size() - at >= 8 + packed; at += 8 + packed) {
    bursts[little_endian(bytes.substr(at, 8))] = unpack(bytes.substr(at + 8, packed), devices);
  }
  return bursts;
}

}  // namespace stresskit::metrics
