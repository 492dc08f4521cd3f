// The part of a browser: cookies by name, redirects by hand, the provider's two forms (sign in, consent).

class Browser {
  constructor() {
    this.cookies = new Map();
  }

  async request(url, form) {
    const response = await fetch(url, {
      method: form ? 'POST' : 'GET',
      redirect: 'manual',
      headers: { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      body: form ? new URLSearchParams(form) : undefined,
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return response;
  }
}

// Follows the provider from its authorization address to the redirect back to us; returns that address's parameters.
export async function signInAt(authorizationUrl, account, redirectUrl) {
  const browser = new Browser();
  let url = authorizationUrl;
  for (let step = 0; step < 20; step += 1) {
    if (url.startsWith(redirectUrl)) return Object.fromEntries(new URL(url).searchParams);
    let response = await browser.request(url);
    if (response.status === 200) {
      const page = await response.text();
      const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1];
      if (!prompt) throw new Error(`no form at ${url}: ${page.slice(0, 300)}`);
      response = await browser.request(url, prompt === 'login' ? { prompt, login: account, password: 'any' } : { prompt });
    }
    const location = response.headers.get('location');
    if (!location) throw new Error(`status ${response.status} at ${url}: ${(await response.text()).slice(0, 300)}`);
    url = new URL(location, url).href;
  }
  throw new Error('too many redirects');
}
