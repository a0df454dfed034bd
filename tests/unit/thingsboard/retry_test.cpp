#include "stresskit/thingsboard/retry.hpp"

#include "support/manual_clock.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace stresskit::thingsboard {
namespace {

using namespace std::chrono_literals;
class RetryTest : public testing::Test {
 protected:
  /// Calls until the given failures are used up, then succeeds. Returns the answer.
  Answer<int> call(std::vector<ApiError> failures) {
    Retry retry(patience_, mood_, clock_, stop_.get_token());
    return retry([&]() -> Answer<int> {
      ++calls_;
      if (failures.empty()) {
        return 7;
      }
      const ApiError error = failures.front();
      failures.erase(failures.begin());
      return support::failure(error);
    });
  }

  static ApiError error(ErrorKind kind, int status = 0) {
    ApiError out;
    out.kind = kind;
    out.http_status = status;
    return out;
  }

  test::ManualClock clock_;
  Patience patience_{.retries = 3, .first_pause = 2s};
  ServerMood mood_;
  std::stop_source stop_;
  int calls_ = 0;
};

TEST_F(RetryTest, PassingFailuresAreTriedAgainWithGrowingPauses) {
  const auto started = clock_.now();
  const ApiError cut = error(ErrorKind::connection_cut);
  EXPECT_EQ(call({cut, cut, cut}), 7);
  EXPECT_EQ(calls_, 4);
  // Half to whole of 2, 4 and 8 s.
  EXPECT_GE(clock_.now() - started, 7s);
  EXPECT_LE(clock_.now() - started, 14s);
}

TEST_F(RetryTest, LastFailureIsTheAnswerWhenTheRetriesAreUsedUp) {
  const ApiError cut = error(ErrorKind::connection_cut);
  const auto answer = call({cut, cut, cut, error(ErrorKind::timed_out)});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::timed_out);
  EXPECT_EQ(calls_, 4);
}

TEST_F(RetryTest, OtherFailuresAreFinal) {
  EXPECT_FALSE(call({error(ErrorKind::server_error, 500)}));
  EXPECT_EQ(calls_, 1);
}

TEST_F(RetryTest, ServerThatCannotBeReachedIsFinalUntilItHasAnsweredOnce) {
  using enum ErrorKind;
  for (const ErrorKind kind : {resolve, refused, network, tls}) {
    EXPECT_FALSE(call({error(kind)}));
  }
  EXPECT_EQ(calls_, 4);
  EXPECT_EQ(call({}), 7);
  for (const ErrorKind kind : {resolve, refused, network, tls}) {
    EXPECT_EQ(call({error(kind)}), 7);
  }
}

TEST_F(RetryTest, ServersOwnWishToWaitIsFollowed) {
  ApiError limited = error(ErrorKind::rate_limited, 429);
  limited.retry_after = 30s;
  const auto started = clock_.now();
  EXPECT_EQ(call({limited}), 7);
  EXPECT_GE(clock_.now() - started, 30s);
}

TEST_F(RetryTest, WishToWaitForeverIsNot) {
  ApiError limited = error(ErrorKind::rate_limited, 429);
  limited.retry_after = 24h;
  const auto started = clock_.now();
  EXPECT_EQ(call({limited}), 7);
  EXPECT_LE(clock_.now() - started, 61s);
}

TEST_F(RetryTest, RateLimitHoldsEverybody) {
  patience_.retries = 0;
  EXPECT_FALSE(call({error(ErrorKind::rate_limited, 429)}));
  patience_.retries = 1;
  EXPECT_EQ(call({error(ErrorKind::rate_limited, 429)}), 7);
  mood_.quiet_until = (clock_.now() + 5s).time_since_epoch().count();
  const auto started = clock_.now();
  EXPECT_EQ(call({}), 7);
  EXPECT_EQ(clock_.now() - started, 5s);
}

TEST_F(RetryTest, StopEndsIt) {
  stop_.request_stop();
  const auto answer = call({});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::stopped);
  EXPECT_EQ(calls_, 0);
}

}  // namespace
}  // namespace stresskit::thingsboard
