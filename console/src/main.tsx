import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';
import { App } from '@/app/App';
import { makeClient } from '@/app/client';
import { Start } from '@/features/session/components/Start';
import { applyPrefs } from '@/shared/prefs/prefs';
import './styles/tokens.css';
import './styles/base.css';

applyPrefs();
const root = document.getElementById('root');
if (root)
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={makeClient()}>
        <BrowserRouter>
          <Start>
            <App />
          </Start>
        </BrowserRouter>
      </QueryClientProvider>
    </StrictMode>,
  );
