#include "provision/job_list.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace stresskit::provision {
namespace {

using testing::HasSubstr;
using thingsboard::ApiError;
using thingsboard::ErrorKind;

ApiError error(ErrorKind kind) {
  ApiError out;
  out.kind = kind;
  return out;
}

TEST(JobList, HandsOutEveryJobOnce) {
  JobList jobs(2, 1);
  EXPECT_EQ(jobs.next(), 0U);
  EXPECT_EQ(jobs.next(), 1U);
  EXPECT_EQ(jobs.next(), std::nullopt);
}

TEST(JobList, FailuresComeOrderedByNumber) {
  JobList jobs(3, 1);
  jobs.failed("sim-1000", "a");
  jobs.failed("sim-002", "b");
  ASSERT_EQ(jobs.failures().size(), 2U);
  EXPECT_EQ(jobs.failures().front().name, "sim-002");
  EXPECT_EQ(jobs.done(), 2U);
}

TEST(JobList, StoppedJobIsNotDoneAndEndsIt) {
  JobList jobs(3, 1);
  jobs.failed("sim-001", error(ErrorKind::stopped));
  EXPECT_EQ(jobs.done(), 0U);
  EXPECT_EQ(jobs.next(), std::nullopt);
  EXPECT_EQ(jobs.ended_early(), "interrupted");
}

TEST(JobList, LostLogInEndsIt) {
  JobList jobs(3, 1);
  jobs.failed("sim-001", error(ErrorKind::session_refused));
  EXPECT_TRUE(jobs.log_in_failed());
  EXPECT_EQ(jobs.next(), std::nullopt);
}

TEST(JobList, ManyPassingFailuresInARowMeanThatTheServerIsGone) {
  JobList jobs(100, 4);
  for (int i = 0; i < 7; ++i) {
    jobs.failed("a", error(ErrorKind::timed_out));
  }
  jobs.succeeded();
  using enum ErrorKind;
  for (const ErrorKind kind : {refused, network, network, resolve, tls, refused, network}) {
    jobs.failed("a", error(kind));
  }
  EXPECT_NE(jobs.next(), std::nullopt);
  jobs.failed("a", error(ErrorKind::unavailable));
  EXPECT_EQ(jobs.next(), std::nullopt);
  EXPECT_THAT(jobs.ended_early(), HasSubstr("does not answer any more"));
}

TEST(JobList, RefusalsOfSingleDevicesNeverEndIt) {
  JobList jobs(100, 1);
  for (int i = 0; i < 50; ++i) {
    jobs.failed("a", error(ErrorKind::rejected));
  }
  EXPECT_NE(jobs.next(), std::nullopt);
}

TEST(JobList, FirstReasonToEndCounts) {
  JobList jobs(3, 1);
  jobs.end("disk full");
  jobs.end("interrupted");
  EXPECT_EQ(jobs.ended_early(), "disk full");
}

}  // namespace
}  // namespace stresskit::provision
