// Sample data on request; both go through the same pipeline as real alerts.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ApiError, post } from '@/shared/api/http';
import { count } from '@/shared/text/words';
import { Button } from '@/shared/ui/basics';
import { toast } from '@/shared/ui/toasts';

interface Findings {
  findings: unknown[];
}

interface Threat {
  id: string;
}

export function useDemo() {
  const client = useQueryClient();
  const settled = () => {
    void client.invalidateQueries({ queryKey: ['count'] });
    void client.invalidateQueries({ queryKey: ['stats'] });
  };
  const failed = (error: unknown) => {
    toast({ text: `Nothing was sent. ${error instanceof ApiError ? error.message : String(error)}` });
  };
  const detection = useMutation({
    mutationFn: () => post<Findings>('/demo/run'),
    onSuccess: ({ findings }) => {
      toast({ text: `Demo detection ran: ${count(findings.length, 'finding')}. They arrive as alerts.` });
    },
    onError: failed,
    onSettled: settled,
  });
  const threat = useMutation({
    mutationFn: () => post<Threat>('/api/threats/trigger', { scenario: 'critical_threat' }),
    onSuccess: ({ id }) => {
      toast({ text: `A critical threat was sent: ${id}.` });
    },
    onError: failed,
    onSettled: settled,
  });
  return { detection, threat };
}

export function DemoButtons() {
  const { detection, threat } = useDemo();
  return (
    <>
      <Button
        needs="demo.run"
        disabled={detection.isPending}
        onClick={() => {
          detection.mutate();
        }}
      >
        Run Demo Detection
      </Button>
      <Button
        needs="demo.run"
        disabled={threat.isPending}
        onClick={() => {
          threat.mutate();
        }}
      >
        Trigger Critical Threat
      </Button>
    </>
  );
}
