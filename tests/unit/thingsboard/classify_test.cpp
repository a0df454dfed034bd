#include "thingsboard/classify.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace stresskit::thingsboard {
namespace {

using testing::HasSubstr;
using testing::Not;

HttpAnswer answer(int status, const std::string& body, const std::string& type) {
  HttpAnswer out;
  out.status = status;
  out.body = body;
  out.content_type = type;
  return out;
}

HttpAnswer json(int status, int code, const std::string& message) {
  return answer(status,
                R"({"timestamp":1782736000000,"status":)" + std::to_string(status) +
                    R"(,"message":")" + message + R"(","errorCode":)" + std::to_string(code) + "}",
                "application/json;charset=ISO-8859-1");
}

ErrorKind kind(const HttpAnswer& each, Purpose purpose = Purpose::call) {
  return classify({}, each, purpose).kind;
}

TEST(Classify, TellsBadRequestsApartByTheirWords) {
  EXPECT_EQ(kind(json(400, 31, "Device with such name already exists!")), ErrorKind::name_taken);
  EXPECT_EQ(kind(json(400, 31, "Device credentials are already assigned to another device!")),
            ErrorKind::token_taken);
  EXPECT_EQ(kind(json(400, 31, "Specified credentials are already registered!")),
            ErrorKind::token_taken);
  EXPECT_EQ(kind(json(400, 31, "Validation error: name is malformed")), ErrorKind::rejected);
}

TEST(Classify, KnowsTheDeviceQuotaOfEveryVersion) {
  EXPECT_EQ(kind(json(403, 41, "Devices limit reached")), ErrorKind::limit_reached);
  EXPECT_EQ(kind(json(400, 31, "Devices limit reached")), ErrorKind::limit_reached);
  EXPECT_EQ(kind(json(400, 31, "Can't create more then 5 devices!")), ErrorKind::limit_reached);
}

TEST(Classify, ReadsTheOtherStatusesOfThingsBoard) {
  EXPECT_EQ(kind(json(403, 20, "You don't have permission to perform this operation!")),
            ErrorKind::forbidden);
  EXPECT_EQ(kind(json(404, 32, "Requested item wasn't found!")), ErrorKind::not_found);
  EXPECT_EQ(kind(json(405, 31, "Request method 'PATCH' is not supported")), ErrorKind::rejected);
  EXPECT_EQ(kind(json(409, 35, "Device was already changed by someone else")),
            ErrorKind::stale_version);
  EXPECT_EQ(kind(json(429, 33, "Too many requests for current tenant!")), ErrorKind::rate_limited);
  EXPECT_EQ(kind(json(500, 2, "JSON parse error")), ErrorKind::server_error);
  EXPECT_EQ(kind(json(500, 46, "Database error")), ErrorKind::server_error);
  EXPECT_EQ(kind(json(401, 10, "Authentication failed")), ErrorKind::session_refused);
}

TEST(Classify, ReadsWhatProxiesSend) {
  const auto html = [](int status) {
    return answer(status, "<html><body>nginx</body></html>", "text/html");
  };
  for (const int status : {502, 503, 504}) {
    EXPECT_EQ(kind(html(status)), ErrorKind::unavailable);
  }
  EXPECT_EQ(kind(html(429)), ErrorKind::rate_limited);
  EXPECT_EQ(kind(html(500)), ErrorKind::server_error);
  for (const int status : {400, 401, 403, 404}) {
    EXPECT_EQ(kind(html(status)), ErrorKind::not_thingsboard);
  }
  EXPECT_THAT(classify({}, html(502), Purpose::call).message, HasSubstr("HTML page"));
}

TEST(Classify, TelemetryAnswersErrorsAsBareText) {
  const auto text = [](int status, const char* body) {
    return answer(status, body, "text/plain;charset=UTF-8");
  };
  EXPECT_EQ(kind(text(404, "Device with requested id wasn't found!"), Purpose::telemetry),
            ErrorKind::not_found);
  EXPECT_EQ(kind(text(400, "Invalid JSON"), Purpose::telemetry), ErrorKind::rejected);
  EXPECT_EQ(kind(text(403, "System administrator is not allowed"), Purpose::telemetry),
            ErrorKind::forbidden);
  EXPECT_EQ(classify({}, text(400, "Invalid JSON"), Purpose::telemetry).message, "Invalid JSON");
  EXPECT_EQ(kind(text(404, "404 page not found"), Purpose::log_in), ErrorKind::not_thingsboard);
}

TEST(Classify, TooLargeABodyIsAnsweredWithABareJsonString) {
  const ApiError error = classify(
      {}, answer(413, R"("Payload size exceeds the limit of 16777216 bytes")", ""), Purpose::call);
  EXPECT_EQ(error.kind, ErrorKind::rejected);
  EXPECT_EQ(error.message, "Payload size exceeds the limit of 16777216 bytes");
}

TEST(Classify, RedirectToTheOAuthPageMeansThatTheTokenWasNotReadable) {
  HttpAnswer redirect = answer(302, "", "");
  redirect.redirect = "http://127.0.0.1:8080/oauth2Login";
  EXPECT_EQ(kind(redirect), ErrorKind::session_refused);
  redirect.redirect = "https://tb.example.org/api/auth/user";
  EXPECT_EQ(kind(redirect), ErrorKind::redirected);
}

TEST(Classify, OnlyCode11CallsATokenExpired) {
  EXPECT_TRUE(is_expired_token(json(401, 11, "Token has expired")));
  EXPECT_FALSE(is_expired_token(json(401, 10, "Invalid username or password")));
  EXPECT_FALSE(is_expired_token(answer(401, "", "")));
  EXPECT_FALSE(is_expired_token(json(403, 11, "odd")));
}

TEST(Classify, NoBodyBreaksIt) {
  for (const char* body : {"", "{", "[]", "null", "7", "\"text\"", R"({"errorCode":"x"})",
                           R"({"message":{}})", "\xff\xfe\x00", "\x01\x02"}) {
    for (const int status : {301, 400, 401, 403, 404, 409, 418, 429, 500, 503}) {
      EXPECT_FALSE(classify({}, answer(status, body, ""), Purpose::call).message.empty())
          << status << ' ' << body;
    }
  }
}

TEST(Classify, LongAndWildMessagesBecomeOneShortLine) {
  const ApiError error =
      classify({}, answer(400, "a\r\nb\x1b[31m" + std::string(5'000, 'x'), "text/plain"),
               Purpose::telemetry);
  EXPECT_LE(error.message.size(), 200U);
  EXPECT_THAT(error.message, Not(HasSubstr("\n")));
  EXPECT_THAT(error.message, Not(HasSubstr("\x1b")));
}

TEST(Transient, TellsWhatMayBeTriedAgain) {
  for (const ErrorKind each : {ErrorKind::timed_out, ErrorKind::connection_cut,
                               ErrorKind::rate_limited, ErrorKind::unavailable}) {
    EXPECT_TRUE(is_transient(each));
  }
  for (const ErrorKind each : {ErrorKind::server_error, ErrorKind::rejected, ErrorKind::name_taken,
                               ErrorKind::limit_reached, ErrorKind::wrong_password,
                               ErrorKind::stopped, ErrorKind::refused, ErrorKind::tls}) {
    EXPECT_FALSE(is_transient(each));
  }
}

TEST(Describe, LeavesTheParametersOut) {
  HttpRequest request;
  request.method = Method::post;
  request.path = "/api/device?accessToken=secret";
  EXPECT_EQ(describe(request), "POST /api/device");
}

TEST(UrlEncode, KeepsOnlyUnreservedCharacters) {
  EXPECT_EQ(url_encode("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(url_encode("a b&c=d/e?f+g%"), "a%20b%26c%3Dd%2Fe%3Ff%2Bg%25");
  EXPECT_EQ(url_encode("ü"), "%C3%BC");
  EXPECT_EQ(url_encode(std::string("\0", 1)), "%00");
}

}  // namespace
}  // namespace stresskit::thingsboard
