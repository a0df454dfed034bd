#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stresskit::contract {

/// One step of a recorded MQTT conversation.
struct TranscriptStep {
  enum class Kind {
    send,     ///< `bytes`
    receive,  ///< `bytes`
    closed,   ///< the server ended the connection
    silence,  ///< nothing arrived for a while
    rest,     ///< the recorder made the REST call `what`
    note,     ///< `what`
  };
  Kind kind = Kind::note;
  std::string bytes;
  std::string what;  ///< name of the packet, for messages and for telling steps apart
};

struct Transcript {
  std::string name;
  std::string version;  ///< "3.1", "3.1.1" or "5"
  std::string note;
  std::optional<std::string> user_name;  ///< of the CONNECT
  std::vector<TranscriptStep> steps;
};

/// Reads a recorded case. What was sent is built anew from its recorded fields; a packet whose
/// remaining length differs from the recorded one throws std::runtime_error.
[[nodiscard]] Transcript read_transcript(const std::filesystem::path& file);

/// A CONNECT like those of the recordings: client id "kit", clean, keep-alive 60 s.
[[nodiscard]] std::string connect_bytes(std::string_view version, std::string_view user_name);

[[nodiscard]] std::string to_hex(std::string_view bytes);

inline constexpr std::string_view pingreq_bytes{"\xC0\x00", 2};
inline constexpr std::string_view pingresp_bytes{"\xD0\x00", 2};

}  // namespace stresskit::contract
