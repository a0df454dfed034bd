#pragma once

#include "sandbox/frames.hpp"
#include "sandbox/transport_core.hpp"
#include "support/manual_clock.hpp"
#include "unit/sandbox/packets.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace stresskit::sandbox::test {

/// A core between devices that are just numbers and a platform that is just this test.
class TransportTest : public testing::Test, protected TransportCore::Wire {
 protected:
  using Id = TransportCore::Id;

  struct Seen {
    Frame type;
    std::string device;
    std::string payload;
  };

  void send(Id id, std::string_view bytes) override { sent[id].append(bytes); }
  void finish(Id id) override { finished.insert(id); }
  void to_platform(std::string frame) override {
    FrameSplitter splitter;
    splitter.feed(frame);
    FrameBody body = *splitter.next();
    switch (body.type()) {
      case Frame::connect:
        connect_user = (body.u64(), std::string(body.str()));
        ++connects;
        break;
      case Frame::telemetry: {
        const std::string device(body.str());
        arrival_ms = body.i64();
        seen.push_back({body.type(), device, std::string(body.str())});
        break;
      }
      case Frame::attributes: {
        const std::string device(body.str());
        seen.push_back({body.type(), device, std::string(body.str())});
        break;
      }
      default:
        seen.push_back({body.type(), (body.u64(), std::string(body.str())), {}});
        break;
    }
  }

  void frame(FrameWriter&& writer) {
    FrameSplitter splitter;
    splitter.feed(writer.take());
    core.from_platform(*splitter.next());
  }
  void verdict(Id id, std::uint8_t code, std::uint8_t code_v5, std::string_view device) {
    frame(std::move(FrameWriter(Frame::verdict).u64(id).u8(code).u8(code_v5).str(device).u8(0)));
  }
  void limits(std::string_view json) { frame(std::move(FrameWriter(Frame::limits).str(json))); }
  void evict(std::string_view device) {
    frame(std::move(FrameWriter(Frame::evict).str(device).u8(0x98)));
  }

  /// A device that has said CONNECT and was let in; what it was answered is taken.
  void let_in(Id id, int level = 4, std::string_view device = "device") {
    core.opened(id, "10.0.0.1");
    core.received(id, connect(level, "token"));
    verdict(id, 0, 0, device);
    take(id);
  }

  /// What was sent to a device since the last look.
  std::string take(Id id) { return std::exchange(sent[id], {}); }
  /// What a device gets as answer to these bytes.
  std::string talk(Id id, std::string_view bytes) {
    core.received(id, bytes);
    return take(id);
  }
  std::string telemetry(Id id, int level, std::string_view payload, int qos = 1) {
    return talk(id, publish(level, qos, 1, "v1/devices/me/telemetry", payload));
  }

  void pass(support::Mono::duration time) {
    clock.advance(time);
    core.run_due();
  }

  stresskit::test::ManualClock clock;
  std::map<Id, std::string> sent;
  std::set<Id> finished;
  std::vector<Seen> seen;
  std::string connect_user;
  int connects = 0;
  std::int64_t arrival_ms = 0;
  TransportCore core{*this, clock};
};

inline const std::string puback_1 = bytes({0x40, 2, 0, 1});
inline const std::string pong = bytes({0xD0, 0});
inline std::string goodbye(int reason) {
  return bytes({0xE0, 2, reason, 0});
}

}  // namespace stresskit::sandbox::test
