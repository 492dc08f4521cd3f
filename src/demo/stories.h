#pragma once
// The frame of an attack story: a writer that moves through time, and the table of stories.

#include <deque>
#include <span>
#include <string_view>
#include <vector>

#include "demo/demo.h"
#include "demo/vendors.h"

namespace tocsin::demo {

class StoryWriter {
 public:
  StoryWriter(Scene scene, std::string_view story, Timestamp start)
      : scene_(scene), story_(story), at_(start) {}

  // Moves on by about that long (up to a tenth more).
  StoryWriter& after(Nanos pause);
  Timestamp at() const { return at_; }
  Scene scene() const { return scene_; }
  Random& random() { return scene_.random; }
  const Company& company() const { return scene_.company; }
  void send(Payload payload);
  std::deque<Delivery> take() { return std::move(deliveries_); }

 private:
  Scene scene_;
  std::string_view story_;
  Timestamp at_;
  std::deque<Delivery> deliveries_;
};

struct Story {
  std::string_view name;
  int hours_before_now;  // it starts that long ago or earlier, give or take 25 minutes; it lasts less than
                         // that
  int starts_at_hour;    // at which hour of the day (UTC); -1: exactly hours_before_now
  std::vector<std::string_view> tactics;
  void (*write)(StoryWriter&);
};
std::span<const Story> story_table();

// One file each in stories/.
void write_phishing_ransomware(StoryWriter& story);
void write_stolen_cloud_key(StoryWriter& story);
void write_password_spray(StoryWriter& story);
void write_web_shell_miner(StoryWriter& story);
void write_insider_downloads(StoryWriter& story);
void write_ssh_bruteforce(StoryWriter& story);
void write_dns_tunnel(StoryWriter& story);
void write_domain_takeover(StoryWriter& story);

}  // namespace tocsin::demo
