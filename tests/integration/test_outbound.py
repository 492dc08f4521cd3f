"""Addresses that must not be reached, in a network of their own whose kernel counts what is opened."""
import re
import subprocess
import unittest

from tests.integration.harness import ROOT

PROGRAM = ROOT / "build/release/src/outbound/outbound_test"
FORMS = "Ssrf.NoFormIsConnectedTo:Ssrf.NoNameLeadsInside:Ssrf.OneDeniedAddressEndsTheTransfer"


def in_own_network(tests):
    """Runs tests in a new network namespace: what they print, and how many TCP connections its kernel began."""
    script = ("ip link set lo up && \"$0\" --gtest_filter=\"$1\" && ls /sys/class/net | wc -l && "
              "grep ^Tcp: /proc/net/snmp")
    done = subprocess.run(["unshare", "-rn", "sh", "-c", script, str(PROGRAM), tests], capture_output=True, text=True,
                          timeout=300)
    if done.returncode != 0:
        raise AssertionError(done.stdout[-4000:] + done.stderr[-2000:])
    names, values = (line.split() for line in done.stdout.splitlines() if line.startswith("Tcp:"))
    return done.stdout, int(values[names.index("ActiveOpens")])


class OutboundGuard(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not PROGRAM.exists():
            raise AssertionError(f"{PROGRAM} is not built: ninja -C build/release outbound_test")
        try:
            allowed = subprocess.run(["unshare", "-rn", "ip", "link", "set", "lo", "up"], capture_output=True,
                                     timeout=30).returncode == 0
        except FileNotFoundError:
            allowed = False
        if not allowed:
            raise unittest.SkipTest("no network namespaces here: the kernel's count of connections was NOT looked at")

    def test_no_form_makes_the_kernel_open_a_connection(self):
        output, opened = in_own_network(FORMS)
        forms = int(re.search(r"^(\d+) forms$", output, re.MULTILINE).group(1))
        self.assertGreaterEqual(forms, 150)
        self.assertEqual(opened, 0, output)
        print(f"{forms} forms, {opened} connections")

    def test_redirects_and_rebinding_open_only_what_the_test_allows(self):
        # One connection for each redirect that the test's own server sends, none for where it leads.
        output, opened = in_own_network("Ssrf.NoRedirectLeadsInside")
        served = int(re.search(r"^(\d+) redirects$", output, re.MULTILINE).group(1))
        self.assertGreaterEqual(served, 150)
        self.assertEqual(opened, served, output)
        _, opened = in_own_network("Ssrf.Rebinding*")
        self.assertEqual(opened, 2)

    def test_the_kernel_counts_a_connection(self):
        _, opened = in_own_network("SsrfControl.*")
        self.assertEqual(opened, 1)


if __name__ == "__main__":
    unittest.main()
