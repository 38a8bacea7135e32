import os

from app.serve import serve

serve(os.environ["SANDBOX_PORT"])
