#include "sandbox/accounts.hpp"

#include "sandbox/answer.hpp"
#include "sandbox/server_clock.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace stresskit::sandbox {
namespace {

template <class Action>
int code_of(Action action) {
  try {
    action();
    return 0;
  } catch (const Refusal& refusal) {
    return nlohmann::json::parse(refusal.answer().body).at("errorCode").get<int>();
  }
}

class AccountsTest : public testing::Test {
 protected:
  TokenPair login() { return accounts_.login("tenant@thingsboard.org", "tenant"); }

  Ids ids_;
  Accounts accounts_{ids_, "tenant@thingsboard.org", "tenant"};
};

TEST_F(AccountsTest, KnowTheBearerOfATokenTheyIssued) {
  EXPECT_EQ(accounts_.authenticate(login().token).user.authority, Authority::tenant_admin);
}

TEST_F(AccountsTest, KeepTheOldTokenGoodAfterARefresh) {
  const TokenPair pair = login();
  const TokenPair fresh = accounts_.refresh(pair.refresh_token);
  EXPECT_NE(fresh.token, pair.token);
  EXPECT_EQ(code_of([&] { (void)accounts_.authenticate(pair.token); }), 0);
}

TEST_F(AccountsTest, RefuseATokenAfterItsLife) {
  accounts_.set_token_life({-1, 100});
  const TokenPair pair = login();
  EXPECT_EQ(code_of([&] { (void)accounts_.authenticate(pair.token); }), code_token_expired);
  EXPECT_EQ(code_of([&] { (void)accounts_.refresh(pair.refresh_token); }), 0);
}

TEST_F(AccountsTest, TakeAChangedTokenForAnExpiredOne) {
  std::string token = login().token;
  token.back() = token.back() == 'A' ? 'Q' : 'A';
  EXPECT_EQ(code_of([&] { (void)accounts_.authenticate(token); }), code_token_expired);
}

TEST_F(AccountsTest, CanExpireAccessTokensAlone) {
  const TokenPair pair = login();
  accounts_.expire_tokens(false);
  EXPECT_EQ(code_of([&] { (void)accounts_.authenticate(pair.token); }), code_token_expired);
  EXPECT_EQ(code_of([&] { (void)accounts_.refresh(pair.refresh_token); }), 0);
  accounts_.expire_tokens(true);
  EXPECT_EQ(code_of([&] { (void)accounts_.refresh(pair.refresh_token); }), code_token_expired);
}

// The platform compares whole seconds.
TEST_F(AccountsTest, LeaveTokensOfTheSecondOfTheLogoutValid) {
  for (;;) {
    const std::int64_t second = now_ms() / 1000;
    const TokenPair pair = login();
    accounts_.logout(accounts_.authenticate(pair.token));
    const int code = code_of([&] { (void)accounts_.authenticate(pair.token); });
    if (now_ms() / 1000 != second) continue;  // it struck meanwhile
    EXPECT_EQ(code, 0);
    return;
  }
}

TEST_F(AccountsTest, EndTheTokensOfADisabledUser) {
  const TokenPair pair = login();
  EXPECT_TRUE(accounts_.set_enabled("tenant@thingsboard.org", false));
  EXPECT_EQ(code_of([&] { (void)accounts_.authenticate(pair.token); }), code_token_expired);
  EXPECT_EQ(code_of([&] { login(); }), code_authentication);
}

TEST_F(AccountsTest, SayWhenThereIsNoSuchUser) {
  EXPECT_FALSE(accounts_.set_enabled("nobody@thingsboard.org", false));
}

}  // namespace
}  // namespace stresskit::sandbox
