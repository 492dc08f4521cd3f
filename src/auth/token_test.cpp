#include "auth/token.h"

#include <gtest/gtest.h>

#include <set>

#include "base/ascii.h"

namespace tocsin::auth {
namespace {

TEST(Token, HasPrefixLengthAndChecksumOfItsKind) {
  for (const auto& [kind, prefix] :
       {std::pair{TokenKind::kApiKey, "tsk_"}, {TokenKind::kIngest, "tsi_"}, {TokenKind::kSession, "tss_"}}) {
    const auto token = make_token(kind);
    EXPECT_EQ(token.text.size(), kTokenLength);
    EXPECT_TRUE(token.text.starts_with(prefix));
    EXPECT_EQ(recognise_token(token.text), kind);
    EXPECT_EQ(token.hash, hash_token(token.text));
    EXPECT_EQ(token.hash.size(), 64u);
  }
}

TEST(Token, HashIsSha256) {
  EXPECT_EQ(hash_token("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Token, AThousandDiffer) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(make_token(TokenKind::kApiKey).text);
  EXPECT_EQ(seen.size(), 1000u);
}

// Every single wrong character at every place: CRC-32 finds each.
TEST(Token, EveryTypingErrorIsSeen) {
  const auto token = make_token(TokenKind::kIngest).text;
  int recognised = 0;
  int tried = 0;
  for (std::size_t i = 0; i < token.size(); ++i)
    for (int c = 0x20; c < 0x7f; ++c) {
      auto wrong = token;
      if (wrong[i] == static_cast<char>(c)) continue;
      wrong[i] = static_cast<char>(c);
      ++tried;
      if (recognise_token(wrong)) ++recognised;
    }
  EXPECT_EQ(tried, 53 * 94);
  EXPECT_EQ(recognised, 0);
  EXPECT_FALSE(recognise_token(token + "0"));
  EXPECT_FALSE(recognise_token(token.substr(1)));
  EXPECT_FALSE(recognise_token(""));
}

TEST(Token, HintShowsFourCharactersOnly) {
  const auto token = make_token(TokenKind::kApiKey);
  EXPECT_EQ(token.hint, token.text.substr(0, 8) + "…");
}

TEST(Token, HashesCompare) {
  EXPECT_TRUE(same_token_hash(hash_token("a"), hash_token("a")));
  EXPECT_FALSE(same_token_hash(hash_token("a"), hash_token("b")));
  EXPECT_FALSE(same_token_hash(hash_token("a"), ""));
  EXPECT_FALSE(same_token_hash("", hash_token("a")));
}

TEST(RedactTokens, NothingOfATokenIsLeftWhereverItStands) {
  for (const auto kind : {TokenKind::kApiKey, TokenKind::kIngest, TokenKind::kSession}) {
    const auto token = make_token(kind).text;
    for (const auto& text :
         {token, "GET /ingest/" + token + "/wazuh?x=1", "Bearer " + token, "\"" + token + "\"", token + token,
          "a" + token, "cut: " + token.substr(0, 30), "__Host-tocsin=" + token + "; Path=/"}) {
      const auto redacted = redact_tokens(text);
      EXPECT_EQ(redacted.find(token.substr(4, 8)), std::string::npos) << redacted;
      EXPECT_NE(redacted.find("[redacted]"), std::string::npos);
    }
  }
  EXPECT_EQ(redact_tokens("secret whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw!"), "secret whsec_[redacted]!");
}

TEST(RedactTokens, OtherTextStaysAsItIs) {
  for (const std::string_view text :
       {"", "t", "tsk", "tsk_", "fields tsk_name and assets", "what tests show: tsi_x"})
    EXPECT_EQ(redact_tokens(text), text);
}

TEST(RedactTokens, APathKeepsWhatFollowsTheToken) {
  const auto token = make_token(TokenKind::kIngest).text;
  EXPECT_EQ(redact_tokens("/ingest/" + token + "?source=wazuh"), "/ingest/tsi_[redacted]?source=wazuh");
}

}  // namespace
}  // namespace tocsin::auth
