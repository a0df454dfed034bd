#include "stresskit/metrics/messages_file.hpp"

#include <fmt/format.h>

namespace stresskit::metrics {

namespace {

constexpr std::string_view magic = "TSKM";
constexpr std::uint32_t known_version = 1;

template <class Int>
void put_little_endian(std::string& bytes, Int value) {
  for (std::size_t i = 0; i < sizeof value; ++i) {
    bytes.push_back(static_cast<char>((value >> (8 * i)) & 0xFFU));
  }
}

std::uint64_t little_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    value |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  }
  return value;
}

}  // namespace

support::Result<MessagesFile> MessagesFile::begins_with(std::string_view bytes) {
  if (bytes.size() < header_size || !bytes.starts_with(magic)) {
    return support::failure("does not begin as such a file does");
  }
  if (const std::uint64_t version = little_endian(bytes.substr(4, 4)); version != known_version) {
    return support::failure(fmt::format("is of version {}, known is {}", version, known_version));
  }
  return MessagesFile(little_endian(bytes.substr(8, 4)));
}

std::string MessagesFile::header() const {
  std::string bytes(magic);
  put_little_endian(bytes, known_version);
  put_little_endian(bytes, static_cast<std::uint32_t>(devices_));
  return bytes;
}

std::string MessagesFile::record(std::uint64_t k, std::span<const Outcome> outcomes) const {
  std::string bytes;
  put_little_endian(bytes, k);
  bytes.resize(record_size(), '\0');
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    char& packed = bytes[byte_of(i)];
    packed = static_cast<char>(static_cast<unsigned char>(packed) |
                               static_cast<unsigned>(outcomes[i]) << (2 * (i % 4)));
  }
  return bytes;
}

std::uint64_t MessagesFile::k_of(std::string_view record) {
  return little_endian(record.substr(0, k_size));
}

Outcome MessagesFile::outcome(char byte, std::size_t device) {
  return static_cast<Outcome>((static_cast<unsigned char>(byte) >> (2 * (device % 4))) & 3U);
}

}  // namespace stresskit::metrics
