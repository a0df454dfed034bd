#include "report/storage_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace stresskit::report {
namespace {

using metrics::Storage;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

metrics::Snapshot counted() {
  metrics::Snapshot s;
  s.storage.state = Storage::State::complete;
  s.storage.acknowledged = 100;
  s.storage.stored = 93;
  s.storage.missing_acknowledged = 7;
  s.storage.devices_verified = 5;
  s.storage.took_s = 2;
  return s;
}

TEST(StorageLines, SayNothingWhenNobodyAskedAndWhoGoesOnWhenItWasCutShort) {
  metrics::Snapshot s;
  EXPECT_THAT(storage_lines(s), IsEmpty());
  s.storage.state = Storage::State::running;
  EXPECT_THAT(storage_lines(s), HasSubstr("verify_storage goes on with it"));
  s = counted();
  s.storage.state = Storage::State::incomplete;
  s.storage.trouble = "the server does not answer";
  EXPECT_THAT(storage_lines(s), HasSubstr("NOT COMPLETE: the server does not answer"));
}

TEST(StorageLines, NameTheFirstMissingMessagesAndCountTheRest) {
  metrics::Snapshot s = counted();
  for (std::uint64_t k = 10; k < 17; ++k) {
    s.storage.missing.push_back({0, "sim-001", k, 1'764'000'000.25});
  }
  const std::string text = storage_lines(s);
  EXPECT_THAT(text,
              AllOf(HasSubstr("stored    93 = acknowledged 100 - missing 7"),
                    HasSubstr("missing: sim-001, burst 10, due "), HasSubstr(".250\n"),
                    HasSubstr("missing: sim-001, burst 14"), Not(HasSubstr("sim-001, burst 15")),
                    HasSubstr("and 2 more: verification.ndjson names them all")));
}

TEST(StorageLines, TellWhatElseWasFound) {
  metrics::Snapshot s = counted();
  EXPECT_THAT(storage_lines(s), Not(HasSubstr("though")));
  s.storage.stored_unacknowledged = 4;
  s.storage.unexpected = 3;
  s.storage.devices_deleted = 1;
  s.storage.rate_limited = 9;
  s.storage.server_clock_ahead_s = -90;
  EXPECT_THAT(storage_lines(s),
              AllOf(HasSubstr("4 are stored though no acknowledgement came"),
                    HasSubstr("3 stored numbers belong to no message that was sent"),
                    HasSubstr("1 device deleted meanwhile"),
                    HasSubstr("REST answered 429 (too many requests) 9 times"),
                    HasSubstr("the server's clock is 1 min 30 s behind ours")));
}

// The header Date has whole seconds: a small difference is no news.
TEST(StorageLines, ClocksThatAgreeAreNotMentioned) {
  metrics::Snapshot s = counted();
  s.storage.server_clock_ahead_s = 2;
  EXPECT_THAT(storage_lines(s), Not(HasSubstr("clock")));
}

}  // namespace
}  // namespace stresskit::report
