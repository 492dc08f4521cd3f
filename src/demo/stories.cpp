#include "demo/stories.h"

#include <array>

namespace tocsin::demo {

StoryWriter& StoryWriter::after(Nanos pause) {
  at_ += random().duration(pause, pause + pause / 10 + Nanos(1));
  return *this;
}

void StoryWriter::send(Payload payload) {
  deliveries_.push_back({std::string(payload.source), std::move(payload.body), at_, std::string(story_)});
}

std::span<const Story> story_table() {
  static const std::array<Story, 8> kStories = {{
      {"phishing_ransomware",
       44,
       9,
       {"TA0001", "TA0002", "TA0011", "TA0006", "TA0008", "TA0040"},
       write_phishing_ransomware},
      {"stolen_cloud_key",
       30,
       -1,
       {"TA0006", "TA0007", "TA0003", "TA0005", "TA0010"},
       write_stolen_cloud_key},
      {"password_spray", 26, 6, {"TA0006", "TA0001", "TA0005", "TA0009"}, write_password_spray},
      {"web_shell_miner", 38, -1, {"TA0001", "TA0003", "TA0002", "TA0011", "TA0040"}, write_web_shell_miner},
      {"insider_downloads", 40, 15, {"TA0009", "TA0010", "TA0005"}, write_insider_downloads},
      {"ssh_bruteforce", 5, -1, {"TA0006", "TA0001", "TA0003", "TA0004", "TA0007"}, write_ssh_bruteforce},
      {"dns_tunnel", 34, -1, {"TA0002", "TA0011", "TA0010"}, write_dns_tunnel},
      {"domain_takeover", 20, -1, {"TA0007", "TA0006", "TA0008", "TA0002"}, write_domain_takeover},
  }};
  return kStories;
}

std::vector<StoryFacts> stories() {
  std::vector<StoryFacts> facts;
  for (const auto& story : story_table()) facts.push_back({story.name, story.tactics});
  return facts;
}

}  // namespace tocsin::demo
