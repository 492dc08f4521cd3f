// One password tried on everybody, one that fits, a sign-in from another continent, prompts until somebody
// taps yes, a rule that hides mail.
#include "demo/stories.h"

namespace tocsin::demo {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

void spray(StoryWriter& story, const std::string& ip) {
  auto scene = story.scene();
  json::array entities{sentinel_ip(ip)};
  for (int i = 0; i < 6; ++i) entities.push_back(sentinel_account(story.company(), scene.anyone()));
  story.send(sentinel(
      scene, {.at = story.at(),
              .name = "Password spray attack against Entra ID application",
              .description = "More than 60 accounts failed to sign in from " + ip + " within 20 minutes.",
              .severity = "Medium",
              .techniques = {attack::kPasswordSpraying},
              .entities = std::move(entities)}));
}

void travel(StoryWriter& story, const Person& victim, const std::string& ip) {
  auto scene = story.scene();
  story.send(defender(
      scene, {.at = story.at(),
              .title = "Impossible travel activity",
              .description = victim.email + " signed in from Zurich and, 41 minutes later, from Lagos.",
              .category = "InitialAccess",
              .severity = "medium",
              .service = "microsoftDefenderForCloudApps",
              .techniques = {attack::kCloudAccounts},
              .evidence = {user_evidence(scene, victim), ip_evidence(ip, "NG")}}));
}

void push_prompts(StoryWriter& story, const Person& victim, const std::string& ip) {
  auto scene = story.scene();
  story.send(splunk(scene, {.at = story.at(),
                            .search_name = "Access - Repeated MFA Prompts Denied Then Approved - Rule",
                            .severity = "high",
                            .fields = {{"user", victim.email},
                                       {"src", ip},
                                       {"count", std::to_string(story.random().between(11, 32))},
                                       {"app", "Microsoft 365"},
                                       {"action", "success"}},
                            .techniques = {attack::kMfaFatigue}}));
}

void hide_mail(StoryWriter& story, const Person& victim, const std::string& ip) {
  auto scene = story.scene();
  story.send(defender(
      scene, {.at = story.at(),
              .title = "Suspicious inbox manipulation rule",
              .description = "A rule that moves messages with 'invoice' or 'payment' to RSS Feeds was "
                             "made in the mailbox of " +
                             victim.email + '.',
              .category = "DefenseEvasion",
              .severity = "high",
              .service = "microsoftDefenderForCloudApps",
              .techniques = {attack::kHidingRules},
              .evidence = {user_evidence(scene, victim), ip_evidence(ip, "NG")}}));
  story.after(minutes(52));
  story.send(sentinel(scene, {.at = story.at(),
                              .name = "Mailbox items accessed in bulk by an unusual client",
                              .description = "More than 1,900 messages of " + victim.email +
                                             " were read over IMAP from " + ip + '.',
                              .severity = "High",
                              .techniques = {attack::kRemoteMail},
                              .entities = {sentinel_account(story.company(), victim), sentinel_ip(ip)}}));
}

}  // namespace

void write_password_spray(StoryWriter& story) {
  auto scene = story.scene();
  const auto& victim = scene.someone_in("Management");
  const auto spray_ip = story.random().public_ip();
  const auto session_ip = story.random().public_ip();
  for (int i = 0; i < 3; ++i) spray(story.after(minutes(25)), spray_ip);
  travel(story.after(hours(2)), victim, session_ip);
  for (int i = 0; i < 2; ++i) push_prompts(story.after(minutes(9)), victim, session_ip);
  travel(story.after(minutes(30)), victim, session_ip);
  hide_mail(story.after(minutes(22)), victim, session_ip);
}

}  // namespace tocsin::demo
