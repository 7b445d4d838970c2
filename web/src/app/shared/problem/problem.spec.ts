import { HttpErrorResponse } from '@angular/common/http';
import { fieldError, toProblem } from './problem';

describe('a failed request', () => {
  it('is told in the words of the server', () => {
    const error = new HttpErrorResponse({
      status: 400,
      error: {
        detail: 'The body is not acceptable.',
        code: 'invalid_request',
        errors: [{ pointer: '/intake', message: 'is too long' }, 'nonsense'],
      },
    });
    const problem = toProblem(error);
    expect(problem).toMatchObject({
      status: 400,
      code: 'invalid_request',
      detail: 'The body is not acceptable.',
    });
    expect(fieldError(problem, '/intake')).toBe('is too long');
    expect(fieldError(problem, '/other')).toBeNull();
    expect(fieldError(null, '/intake')).toBeNull();
  });

  it('is read from a text body too, as a download has one', () => {
    const error = new HttpErrorResponse({ status: 404, error: '{"detail":"Run not found: x"}' });
    expect(toProblem(error).detail).toBe('Run not found: x');
  });

  it('says that the server does not answer when it does not', () => {
    expect(toProblem(new HttpErrorResponse({ status: 0 })).code).toBe('unreachable');
  });

  it('shows nothing of a proxy’s page', () => {
    const problem = toProblem(new HttpErrorResponse({ status: 502, error: '<html>nginx</html>' }));
    expect(problem.detail).toBe('The server answered 502.');
  });

  it('keeps the error id of a fault of the server', () => {
    const error = new HttpErrorResponse({ status: 500, error: { title: 'Internal error', error_id: 'e-1' } });
    expect(toProblem(error)).toMatchObject({ detail: 'Internal error', errorId: 'e-1' });
  });

  it('finds the failed request in the cause of a wrapped error', () => {
    const cause = new HttpErrorResponse({ status: 403, error: { detail: 'Not permitted.' } });
    expect(toProblem(new Error('Resource failed', { cause })).detail).toBe('Not permitted.');
  });

  it('tells a fault of the page by its message', () => {
    expect(toProblem(new Error('broken')).detail).toBe('broken');
    expect(toProblem('?').detail).toContain('unexpected');
  });
});
